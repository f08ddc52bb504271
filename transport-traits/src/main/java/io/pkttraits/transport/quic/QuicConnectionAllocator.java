// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.quic;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.pkttraits.Traits;

/**
 * Wraps the allocator of one {@code QuicChannel}. The codec allocates each packet that the connection sends from it, which
 * identifies the packet's connection.
 */
final class QuicConnectionAllocator extends AbstractByteBufAllocator {
    private final QuicConnectionTraits connection;
    private final ByteBufAllocator delegate;

    QuicConnectionAllocator(QuicConnectionTraits connection, ByteBufAllocator delegate) {
        super(true);
        this.connection = connection;
        this.delegate = delegate;
    }

    ByteBufAllocator delegate() {
        return delegate;
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        connection.keepLatest();
        ByteBuf buffer = delegate.directBuffer(initialCapacity, maxCapacity);
        Traits traits = connection.outgoing();
        return traits.isEmpty() ? buffer : new QuicPacketBuffer(buffer, traits);
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        return delegate.heapBuffer(initialCapacity, maxCapacity);
    }

    @Override
    public boolean isDirectBufferPooled() {
        return delegate.isDirectBufferPooled();
    }
}
