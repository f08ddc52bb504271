// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AddressedEnvelope;
import io.netty.channel.DefaultAddressedEnvelope;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.netty.channel.unix.UnixChannelUtil;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.internal.StringUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.UnresolvedAddressException;

/** Accepts or refuses what is written to a datagram channel, and moves content off the heap. */
final class OutboundDatagrams {
    private OutboundDatagrams() {}

    /**
     * The message as it is sent. If it differs, the one that was passed is released.
     *
     * @param peer the connected channel's, or {@code null}
     * @throws UnsupportedOperationException if a datagram channel cannot send messages of that type
     * @throws TraitsException if the traits cannot go with one datagram to that recipient
     */
    static Object filter(
            Object msg, DatagramCarrier carrier, InetSocketAddress peer, boolean gso, ByteBufAllocator allocator)
            throws TraitsException {
        if (msg instanceof ByteBuf content) {
            return needsCopy(content) ? direct(content, content, allocator) : msg;
        }
        if (!(msg instanceof AddressedEnvelope<?, ?> envelope)
                || !(envelope.content() instanceof ByteBuf content)
                || !isAddressOrNull(envelope.recipient())
                || (msg instanceof SegmentedDatagramPacket && !gso)) {
            throw new UnsupportedOperationException("unsupported message type: " + StringUtil.simpleClassName(msg)
                    + " (expected: TraitsDatagramPacket, DatagramPacket, AddressedEnvelope<ByteBuf, InetSocketAddress>,"
                    + " ByteBuf" + (gso ? ", SegmentedDatagramPacket)" : ")"));
        }
        InetSocketAddress recipient = (InetSocketAddress) envelope.recipient();
        if (recipient != null && recipient.isUnresolved()) {
            throw new UnresolvedAddressException();
        }
        if (msg instanceof TraitsDatagramPacket packet && !packet.traits().isEmpty()) {
            requireSendable(packet, carrier, recipient == null ? peer : recipient);
        }
        if (!needsCopy(content)) {
            return msg;
        }
        ByteBuf copy = direct(msg, content, allocator);
        return msg instanceof DatagramPacket packet
                ? packet.replace(copy)
                : new DefaultAddressedEnvelope<ByteBuf, SocketAddress>(copy, recipient, envelope.sender());
    }

    private static void requireSendable(TraitsDatagramPacket packet, DatagramCarrier carrier, InetSocketAddress target)
            throws TraitsException {
        try {
            carrier.requireSendable(packet.traits(), IpOptionCarrier.isIpv4OnTheWire(target.getAddress()));
        } catch (TraitsException e) {
            TraitsCounter.DATAGRAM_REFUSED.incrementAndLogFirst(target, e);
            throw e;
        }
    }

    private static boolean isAddressOrNull(SocketAddress recipient) {
        return recipient == null || recipient instanceof InetSocketAddress;
    }

    private static boolean needsCopy(ByteBuf content) {
        return content.isReadable() && UnixChannelUtil.isBufferCopyNeededForWrite(content);
    }

    /** An off-heap copy of the readable bytes; releases the holder of the original. */
    private static ByteBuf direct(Object holder, ByteBuf content, ByteBufAllocator allocator) {
        ByteBuf copy = allocator.directBuffer(content.readableBytes());
        copy.writeBytes(content, content.readerIndex(), content.readableBytes());
        ReferenceCountUtil.safeRelease(holder);
        return copy;
    }
}
