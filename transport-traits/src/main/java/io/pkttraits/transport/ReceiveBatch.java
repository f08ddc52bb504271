// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.unix.Buffer;
import io.netty.util.concurrent.FastThreadLocal;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * An event loop's memory for receiving: its channels use it one after the other, each for one system call and the reading
 * of what that brought.
 *
 * <p>Every message is prepared anew for each call, and its control messages are read only as far as that call says that
 * it wrote, so that no traits of an earlier datagram are ever seen.
 */
final class ReceiveBatch {
    /** Messages of one system call. */
    static final int MAX_MESSAGES = 64;

    private static final FastThreadLocal<ReceiveBatch> THREAD = new FastThreadLocal<>() {
        @Override
        protected ReceiveBatch initialValue() {
            return new ReceiveBatch();
        }
    };

    private final CmsgHdr.Iterator cmsgs = new CmsgHdr.Iterator();
    private final SenderAddresses addresses = new SenderAddresses();
    private MessageBatch batch = new MessageBatch(MAX_MESSAGES, MAX_MESSAGES, 0);

    private ReceiveBatch() {}

    /** This thread's, with room for that many bytes of control messages with each datagram. */
    static ReceiveBatch get(int controlLength) {
        ReceiveBatch memory = THREAD.get();
        if (memory.batch.controlCapacity() < controlLength) {
            memory.batch = new MessageBatch(MAX_MESSAGES, MAX_MESSAGES, controlLength);
        }
        return memory;
    }

    /**
     * Prepares messages that fill a buffer from its writer index on, each its share.
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

    MessageBatch messages() {
        return batch;
    }

    /** The control messages of a message, from the first on. */
    CmsgHdr.Iterator cmsgs(int message) {
        return cmsgs.begin(
                batch.memory(), batch.controlAt(message), batch.controlCapacity(), batch.controlLength(message));
    }

    /** Who sent a message, or {@code null} if the kernel did not say. */
    InetSocketAddress sender(int message) {
        return addresses.get(batch.memory(), batch.nameAt(message), batch.family(message));
    }

    /** The {@code struct sockaddr_in} that is the current control message's data. */
    InetSocketAddress ipv4Address(CmsgHdr.Iterator cmsg) {
        return addresses.get(batch.memory(), cmsg.dataIndex(), SockaddrIn.AF_INET);
    }
}
