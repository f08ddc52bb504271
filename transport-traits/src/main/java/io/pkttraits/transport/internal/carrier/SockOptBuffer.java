// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.unix.Socket;
import io.netty.util.concurrent.FastThreadLocal;
import io.pkttraits.transport.internal.sys.SocketOption;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Memory that setsockopt(2) reads and getsockopt(2) writes: one fixed block per thread.
 *
 * <p>The next {@link #get()} on the thread reuses it. So no foreign code, e.g. a log appender, may run between {@link
 * #get()} and the last use of the bytes.
 */
public final class SockOptBuffer {
    /**
     * The largest value that is read or written: a saved SYN with extension headers. 64 elements of {@code struct
     * pkt_trait} take 1,536 bytes.
     */
    static final int CAPACITY = 4096;

    private static final FastThreadLocal<SockOptBuffer> THREAD = new FastThreadLocal<>() {
        @Override
        protected SockOptBuffer initialValue() {
            return new SockOptBuffer();
        }
    };

    // Wrapped rather than allocated by Netty: it lives as long as its thread and is never released.
    private final ByteBuf bytes = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(CAPACITY));

    private SockOptBuffer() {}

    /** Returns this thread's buffer with both indexes at 0. It still contains the bytes of its last use. */
    public static SockOptBuffer get() {
        SockOptBuffer buffer = THREAD.get();
        buffer.bytes.clear();
        return buffer;
    }

    public ByteBuf bytes() {
        return bytes;
    }

    /** Passes the bytes up to the writer index. */
    public void set(Socket socket, SocketOption option) throws IOException {
        socket.setRawOpt(option.level(), option.optname(), bytes.internalNioBuffer(0, bytes.writerIndex()));
    }

    /** Lets the kernel overwrite the first {@code length} bytes, which it may also read. Indexes stay. */
    void get(Socket socket, SocketOption option, int length) throws IOException {
        socket.getRawOpt(option.level(), option.optname(), bytes.internalNioBuffer(0, length));
    }
}
