// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.sys;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.unix.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A block of zeroed memory at a fixed address, for structures that system calls read and write.
 *
 * <p>Every access from Java is bounds-checked. The memory is freed when the block is garbage, so a caller that passes its
 * address to the kernel must keep the block until the call has ended.
 */
public final class NativeMemory {
    private final ByteBuffer host;
    private final ByteBuf bytes;
    private final long address;

    public NativeMemory(int length) {
        ByteBuffer memory = ByteBuffer.allocateDirect(length);
        host = memory.order(ByteOrder.nativeOrder());
        bytes = Unpooled.wrappedBuffer(memory.duplicate().order(ByteOrder.BIG_ENDIAN));
        address = Buffer.memoryAddress(host);
    }

    /** The block in host order, for fields of C structures. Only its absolute methods are used. */
    public ByteBuffer host() {
        return host;
    }

    /** The same bytes for codecs and addresses, which read them big-endian. Never released. */
    public ByteBuf bytes() {
        return bytes;
    }

    /** The address of the byte at an index. */
    long address(int index) {
        return address + index;
    }
}
