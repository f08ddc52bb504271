// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.DuplicatedByteBuf;
import io.pkttraits.Traits;
import java.nio.ByteBuffer;

/**
 * A buffer that was allocated by a QUIC connection's allocator, and the traits to send it with if it becomes one of the
 * connection's packets.
 *
 * <p>It shares content and reference count with the wrapped buffer. Its base class is deprecated in favour of {@code
 * ByteBuf.duplicate()}, but no other public view of a buffer can be extended.
 */
@SuppressWarnings("deprecation")
final class QuicPacketBuffer extends DuplicatedByteBuf {
    private final Traits traits;
    private boolean filledNatively;

    QuicPacketBuffer(ByteBuf buffer, Traits traits) {
        super(buffer);
        this.traits = traits;
    }

    Traits traits() {
        return traits;
    }

    /**
     * Returns true if native code may have written to the memory, as the codec does for packets. Users of the connection's
     * allocator write in other ways, and send their buffers as the payload of packets.
     */
    boolean isPacket() {
        return filledNatively;
    }

    @Override
    public long memoryAddress() {
        filledNatively = true;
        return super.memoryAddress();
    }

    @Override
    public ByteBuffer internalNioBuffer(int index, int length) {
        filledNatively = true;
        return super.internalNioBuffer(index, length);
    }

    /** Returns the wrapped buffer with this one's indexes. The reference count does not change. */
    ByteBuf plain() {
        return unwrap().setIndex(readerIndex(), writerIndex());
    }
}
