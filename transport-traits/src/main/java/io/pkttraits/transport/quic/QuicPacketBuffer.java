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
 * <p>It shares content and reference count with the buffer under it. Its base class is marked deprecated, for whom {@code
 * ByteBuf.duplicate()} does as well; it is the one public view of a buffer that can be extended.
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
     * Whether native code has had its memory, as the codec's fills packets: a user who takes a buffer from the connection's
     * allocator writes to it otherwise, and what that is sent as is no packet of the connection.
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

    /** The buffer under it, readable as this one is; takes its place, references are neither added nor taken. */
    ByteBuf plain() {
        return unwrap().setIndex(readerIndex(), writerIndex());
    }
}
