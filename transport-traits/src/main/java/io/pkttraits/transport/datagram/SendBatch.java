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
 * Memory for sending, filled with the flushed messages of one channel, in their order, and that channel's until it is
 * {@link #recycle recycled}. The messages must be kept alive until they are sent: no reference is counted here.
 */
final class SendBatch implements ChannelOutboundBuffer.MessageProcessor {
    static final int MAX_MESSAGES = 64;

    /** UIO_MAXIOV, beyond which a channel copies a buffer before it comes here: any one message fits. */
    private static final int MAX_IOVECS = 1024;

    private static final int UDP_SEGMENT = 103;

    private static final FastThreadLocal<ArrayDeque<SendBatch>> IDLE = new FastThreadLocal<>() {
        @Override
        protected ArrayDeque<SendBatch> initialValue() {
            return new ArrayDeque<>();
        }
    };

    /** A thread keeps no more idle ones: each has some 100 KB. */
    private static final int MAX_IDLE = 8;

    private final CmsgHdr.Encoder cmsgs = new CmsgHdr.Encoder();
    /** What is in the batch: the outbound buffer also has entries that were cancelled, and are in no batch. */
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
     * An empty one.
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

    /** Gives the memory to the next who sends on this thread. The kernel must have done with it. */
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

    /** Where the {@code MmsgHdr}s from that message on lie; each begins with its {@code MsgHdr}. */
    long address(int index) {
        return batch.address(index);
    }

    /** Whether a message has traits that go with it. */
    boolean hasTraits(int index) {
        return withTraits[index];
    }

    /** Adds a message that {@link OutboundFilter#filter} has passed. False if there is no room for it. */
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

    /** Leaves a message without the control message that carries its traits. */
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
