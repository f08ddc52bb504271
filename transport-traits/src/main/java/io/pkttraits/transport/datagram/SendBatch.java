// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AddressedEnvelope;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.unix.Buffer;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.netty.util.concurrent.FastThreadLocal;
import io.pkttraits.Traits;
import io.pkttraits.transport.internal.carrier.DatagramCarrier;
import io.pkttraits.transport.internal.sys.CmsgHdr;
import io.pkttraits.transport.internal.sys.MessageBatch;
import io.pkttraits.transport.internal.sys.SockaddrIn;
import io.pkttraits.transport.internal.sys.SockaddrIn6;
import io.pkttraits.transport.internal.sys.SocketOption;
import io.pkttraits.transport.internal.sys.WireFamily;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Memory for sending the flushed messages of one channel in their order. The channel keeps it until {@link #recycle}. The
 * batch does not retain the messages: they must stay alive until they are sent.
 */
final class SendBatch implements ChannelOutboundBuffer.MessageProcessor {
    static final int MAX_MESSAGES = 64;

    /** UIO_MAXIOV. A channel copies buffers with more parts before they are added here, so any one message fits. */
    private static final int MAX_IOVECS = 1024;

    private static final int UDP_SEGMENT = 103;

    private static final FastThreadLocal<ArrayDeque<SendBatch>> IDLE = new FastThreadLocal<>() {
        @Override
        protected ArrayDeque<SendBatch> initialValue() {
            return new ArrayDeque<>();
        }
    };

    /** The most idle batches that a thread keeps. Each has about 100 KB. */
    private static final int MAX_IDLE = 8;

    private final CmsgHdr.Encoder cmsgs = new CmsgHdr.Encoder();
    /** The messages of the batch. The outbound buffer also has cancelled entries, which are in no batch. */
    private final Object[] messages = new Object[MAX_MESSAGES];

    private final boolean[] withTraits = new boolean[MAX_MESSAGES];

    private MessageBatch batch = new MessageBatch(MAX_MESSAGES, MAX_IOVECS, 0);
    private DatagramCarrier carrier;
    private boolean ipv6;
    private InetSocketAddress peer;
    private int limit;
    private int count;
    private int iovecs;

    private SendBatch() {}

    /**
     * Returns an empty batch.
     *
     * @param ipv6 the socket's family
     * @param peer the connected channel's, or {@code null}
     */
    static SendBatch get(DatagramCarrier carrier, boolean ipv6, InetSocketAddress peer, int limit) {
        SendBatch memory = IDLE.get().pollLast();
        if (memory == null) {
            memory = new SendBatch();
        }
        int controlLength = carrier.sendControlLength() + CmsgHdr.space(Short.BYTES);
        if (memory.batch.controlCapacity() < controlLength) {
            memory.batch = new MessageBatch(MAX_MESSAGES, MAX_IOVECS, controlLength);
        }
        memory.carrier = carrier;
        memory.ipv6 = ipv6;
        memory.peer = peer;
        memory.limit = Math.min(limit, MAX_MESSAGES);
        return memory;
    }

    /** Makes the batch available to the next sender on this thread. The kernel must not use it any more. */
    void recycle() {
        Arrays.fill(messages, 0, count, null);
        count = 0;
        iovecs = 0;
        carrier = null;
        peer = null;
        ArrayDeque<SendBatch> idle = IDLE.get();
        if (idle.size() < MAX_IDLE) {
            idle.addLast(this);
        }
    }

    int count() {
        return count;
    }

    Object message(int index) {
        return messages[index];
    }

    /** The address of a message's {@code MmsgHdr}, which begins with its {@code MsgHdr}. The next messages follow. */
    long address(int index) {
        return batch.address(index);
    }

    /** Returns true if a message is sent with traits. */
    boolean hasTraits(int index) {
        return withTraits[index];
    }

    /** Adds a message that {@link OutboundFilter#filter} has accepted. Returns false if there is no room for it. */
    @Override
    public boolean processMessage(Object msg) {
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
        Traits traits = OutboundFilter.traits(msg);
        cmsgs.begin(batch.memory(), batch.controlAt(count), batch.controlCapacity());
        if (!traits.isEmpty()) {
            InetSocketAddress target = recipient == null ? peer : recipient;
            carrier.write(traits, target == null || WireFamily.isIpv4(target.getAddress()), cmsgs);
        }
        writeSegmentSize(msg);
        batch.prepare(count, nameLength, first, iovecs - first, cmsgs.length());
        withTraits[count] = !traits.isEmpty();
        messages[count++] = msg;
        return true;
    }

    /** Removes the control message that carries a message's traits. */
    void takeTraitsOff(int index) {
        cmsgs.begin(batch.memory(), batch.controlAt(index), batch.controlCapacity());
        writeSegmentSize(messages[index]);
        batch.setControlLength(index, cmsgs.length());
        withTraits[index] = false;
    }

    private void writeSegmentSize(Object msg) {
        if (!(msg instanceof SegmentedDatagramPacket packet) || packet.segmentSize() <= 0) {
            return;
        }
        ByteBuf data = cmsgs.add(SocketOption.SOL_UDP, UDP_SEGMENT);
        batch.memory().host().putShort(data.writerIndex(), (short) packet.segmentSize());
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
