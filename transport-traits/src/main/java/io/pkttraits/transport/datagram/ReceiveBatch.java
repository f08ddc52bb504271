// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.buffer.ByteBuf;
import io.netty.channel.unix.Buffer;
import io.netty.util.concurrent.FastThreadLocal;
import io.pkttraits.transport.internal.sys.CmsgHdr;
import io.pkttraits.transport.internal.sys.MessageBatch;
import io.pkttraits.transport.internal.sys.SockaddrIn;
import io.pkttraits.transport.internal.sys.SockaddrIn6;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * Memory for receiving datagrams with their addresses and control messages.
 *
 * <p>Every message is prepared anew for each call, and its control messages are read only as far as that call says that
 * it wrote, so that no traits of an earlier datagram are ever seen.
 */
final class ReceiveBatch {
    /** Messages of one system call. */
    static final int MAX_MESSAGES = 64;

    private static final FastThreadLocal<ReceiveBatch> THREAD = new FastThreadLocal<>();

    private final CmsgHdr.Iterator cmsgs = new CmsgHdr.Iterator();
    private final MessageBatch batch;
    private AddressCache senders;

    /** Allocates room for messages, each with that many bytes of control messages. */
    ReceiveBatch(int messages, int controlLength) {
        batch = new MessageBatch(messages, messages, controlLength);
    }

    /** Returns this thread's batch, for a system call that returns before the next one is prepared. */
    static ReceiveBatch ofThread(int controlLength) {
        ReceiveBatch memory = THREAD.get();
        if (memory == null || !memory.fits(MAX_MESSAGES, controlLength)) {
            memory = new ReceiveBatch(MAX_MESSAGES, controlLength);
            THREAD.set(memory);
        }
        return memory;
    }

    boolean fits(int messages, int controlLength) {
        return batch.messages() >= messages && batch.controlCapacity() >= controlLength;
    }

    /** Returns how many messages of a size fit into a buffer. If the size is 0, one message has the whole buffer. */
    static int messagesIn(int writable, int size) {
        return size == 0 ? 1 : Math.max(1, Math.min(writable / size, MAX_MESSAGES));
    }

    /**
     * Prepares messages that fill a buffer from its writer index on, {@code length} bytes each.
     *
     * @param data direct, with {@code count * length} writable bytes
     */
    void prepare(ByteBuf data, int count, int length, int controlLength) {
        long address = address(data, count * length);
        for (int i = 0; i < count; i++) {
            batch.setIovec(i, address + (long) i * length, length);
            batch.prepare(i, SockaddrIn6.SIZE, i, 1, controlLength);
        }
    }

    private static long address(ByteBuf data, int length) {
        if (data.hasMemoryAddress()) {
            return data.memoryAddress() + data.writerIndex();
        }
        ByteBuffer view = data.internalNioBuffer(data.writerIndex(), length);
        return Buffer.memoryAddress(view) + view.position();
    }

    /** Must be called on the reading thread before messages are read. Another thread may have prepared them. */
    void beginReading() {
        senders = AddressCache.ofThread();
    }

    MessageBatch messages() {
        return batch;
    }

    /** The control messages of a message, from the first on. */
    CmsgHdr.Iterator cmsgs(int message) {
        return cmsgs.begin(
                batch.memory(), batch.controlAt(message), batch.controlCapacity(), batch.controlLength(message));
    }

    /** Returns the sender of a message, or {@code null} if the kernel wrote none. */
    InetSocketAddress sender(int message) {
        return senders.get(batch.memory(), batch.nameAt(message), batch.family(message));
    }

    /** Returns the {@code struct sockaddr_in} in the current control message. */
    InetSocketAddress ipv4Address(CmsgHdr.Iterator cmsg) {
        return senders.get(batch.memory(), cmsg.dataIndex(), SockaddrIn.AF_INET);
    }
}
