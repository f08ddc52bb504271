// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AddressedEnvelope;
import io.netty.channel.unix.Buffer;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.netty.util.concurrent.FastThreadLocal;
import io.pkttraits.codec.Traits;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * An event loop's memory for sending, filled with the flushed messages of one channel at a time, in their order, for one
 * system call. It retains none of them, and is another's as soon as that call has returned.
 */
final class SendBatch {
    static final int MAX_MESSAGES = 64;

    /** UIO_MAXIOV, beyond which a channel copies a buffer before it comes here: any one message fits. */
    private static final int MAX_IOVECS = 1024;

    private static final int UDP_SEGMENT = 103;

    private static final FastThreadLocal<SendBatch> THREAD = new FastThreadLocal<>() {
        @Override
        protected SendBatch initialValue() {
            return new SendBatch();
        }
    };

    private final CmsgHdr.Encoder cmsgs = new CmsgHdr.Encoder();
    private MessageBatch batch = new MessageBatch(MAX_MESSAGES, MAX_IOVECS, 0);
    private DatagramCarrier carrier;
    private boolean ipv6;
    private InetSocketAddress peer;
    private int limit;
    private int count;
    private int iovecs;

    private SendBatch() {}

    /**
     * This thread's, empty.
     *
     * @param ipv6 the socket's family
     * @param peer the connected channel's, or {@code null}
     */
    static SendBatch get(DatagramCarrier carrier, boolean ipv6, InetSocketAddress peer, int limit) {
        SendBatch memory = THREAD.get();
        int controlLength = carrier.sendControlLength() + CmsgHdr.space(Short.BYTES);
        if (memory.batch.controlCapacity() < controlLength) {
            memory.batch = new MessageBatch(MAX_MESSAGES, MAX_IOVECS, controlLength);
        }
        memory.carrier = carrier;
        memory.ipv6 = ipv6;
        memory.peer = peer;
        memory.limit = Math.min(limit, MAX_MESSAGES);
        memory.count = 0;
        memory.iovecs = 0;
        return memory;
    }

    int count() {
        return count;
    }

    long address() {
        return batch.address(0);
    }

    /** Adds a message that {@link OutboundDatagrams#filter} has passed, to go with traits. False if there is no room for it. */
    boolean add(Object msg, Traits traits) {
        if (count == limit) {
            return false;
        }
        ByteBuf data;
        InetSocketAddress recipient = null;
        if (msg instanceof ByteBuf buf) {
            data = buf;
        } else {
            AddressedEnvelope<?, ?> envelope = (AddressedEnvelope<?, ?>) msg;
            data = (ByteBuf) envelope.content();
            recipient = (InetSocketAddress) envelope.recipient();
        }
        int first = iovecs;
        if (!addIovecs(data)) {
            return false;
        }
        int nameLength = recipient == null ? 0 : writeName(recipient);
        cmsgs.begin(batch.memory(), batch.controlAt(count), batch.controlCapacity());
        if (!traits.isEmpty()) {
            InetSocketAddress target = recipient == null ? peer : recipient;
            carrier.write(traits, target == null || IpOptionCarrier.isIpv4OnTheWire(target.getAddress()), cmsgs);
        }
        if (msg instanceof SegmentedDatagramPacket packet && packet.segmentSize() > 0) {
            writeSegmentSize(packet.segmentSize());
        }
        batch.prepare(count, nameLength, first, iovecs - first, cmsgs.length());
        count++;
        return true;
    }

    private void writeSegmentSize(int size) {
        ByteBuf data = cmsgs.add(SocketOption.SOL_UDP, UDP_SEGMENT);
        batch.memory().host().putShort(data.writerIndex(), (short) size);
        data.writerIndex(data.writerIndex() + Short.BYTES);
        cmsgs.finish();
    }

    /** Adds all of the buffer's memory, or nothing if there is no room for it. */
    private boolean addIovecs(ByteBuf data) {
        int length = data.readableBytes();
        if (length == 0) {
            return true;
        }
        if (data.hasMemoryAddress()) {
            return addIovec(data.memoryAddress() + data.readerIndex(), length);
        }
        if (data.nioBufferCount() == 1) {
            ByteBuffer view = data.internalNioBuffer(data.readerIndex(), length);
            return addIovec(Buffer.memoryAddress(view) + view.position(), length);
        }
        ByteBuffer[] views = data.nioBuffers(data.readerIndex(), length);
        if (views.length > MAX_IOVECS - iovecs) {
            return false;
        }
        for (ByteBuffer view : views) {
            addIovec(Buffer.memoryAddress(view) + view.position(), view.remaining());
        }
        return true;
    }

    private boolean addIovec(long address, int length) {
        if (iovecs == MAX_IOVECS) {
            return false;
        }
        batch.setIovec(iovecs++, address, length);
        return true;
    }

    private int writeName(InetSocketAddress recipient) {
        InetAddress address = recipient.getAddress();
        int at = batch.nameAt(count);
        if (!ipv6 && address instanceof Inet4Address) {
            SockaddrIn.set(batch.memory(), at, address.getAddress(), recipient.getPort());
            return SockaddrIn.SIZE;
        }
        int scope = address instanceof Inet6Address inet6 ? inet6.getScopeId() : 0;
        SockaddrIn6.set(batch.memory(), at, address.getAddress(), scope, recipient.getPort());
        return SockaddrIn6.SIZE;
    }
}
