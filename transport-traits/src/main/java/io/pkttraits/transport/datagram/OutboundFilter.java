// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.AddressedEnvelope;
import io.netty.channel.DefaultAddressedEnvelope;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.netty.channel.unix.UnixChannelUtil;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.internal.StringUtil;
import io.pkttraits.Traits;
import io.pkttraits.transport.TraitsCounter;
import io.pkttraits.transport.TraitsException;
import io.pkttraits.transport.UnsendablePolicy;
import io.pkttraits.transport.internal.carrier.Counts;
import io.pkttraits.transport.internal.carrier.DatagramCarrier;
import io.pkttraits.transport.internal.sys.WireFamily;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.UnresolvedAddressException;

/** Accepts or refuses what is written to a datagram channel, and moves content off the heap. */
final class OutboundFilter {
    private OutboundFilter() {}

    /**
     * Returns the message to send. It takes over the reference that {@code msg} has to its content.
     *
     * @param peer the connected channel's, or {@code null}
     * @param onUnsendable whether traits that cannot be sent are refused, or removed and counted
     * @throws UnsupportedOperationException if a datagram channel cannot send messages of that type
     * @throws TraitsException if one datagram to that recipient cannot carry the traits
     */
    static Object filter(
            Object msg,
            DatagramCarrier carrier,
            UnsendablePolicy onUnsendable,
            InetSocketAddress peer,
            boolean gso,
            ByteBufAllocator allocator)
            throws TraitsException {
        if (msg == Unpooled.EMPTY_BUFFER) {
            // Netty replaces cancelled messages with this object, so it would be mistaken for one of them.
            return allocator.directBuffer(0);
        }
        if (msg instanceof ByteBuf content) {
            return needsCopy(content) ? direct(content, content, allocator) : msg;
        }
        if (!(msg instanceof AddressedEnvelope<?, ?> envelope)
                || !(envelope.content() instanceof ByteBuf content)
                || !isAddressOrNull(envelope.recipient())
                || (msg instanceof SegmentedDatagramPacket && !gso)) {
            throw new UnsupportedOperationException("unsupported message type: " + StringUtil.simpleClassName(msg)
                    + " (expected: TraitsDatagramPacket, DatagramPacket, AddressedEnvelope<ByteBuf, InetSocketAddress>,"
                    + " ByteBuf" + (gso ? ", TraitsSegmentedDatagramPacket, SegmentedDatagramPacket)" : ")"));
        }
        InetSocketAddress recipient = (InetSocketAddress) envelope.recipient();
        if (recipient != null && recipient.isUnresolved()) {
            throw new UnresolvedAddressException();
        }
        Traits traits = traits(msg);
        Object sendable =
                traits.isEmpty() || isSendable(traits, carrier, onUnsendable, recipient == null ? peer : recipient)
                        ? msg
                        : withoutTraits(msg);
        if (!needsCopy(content)) {
            return sendable;
        }
        ByteBuf copy = direct(sendable, content, allocator);
        return sendable instanceof DatagramPacket packet
                ? packet.replace(copy)
                : new DefaultAddressedEnvelope<ByteBuf, SocketAddress>(copy, recipient, envelope.sender());
    }

    /** Returns the traits of each datagram of a message. */
    static Traits traits(Object msg) {
        if (msg instanceof TraitsDatagramPacket packet) {
            return packet.traits();
        }
        return msg instanceof TraitsSegmentedDatagramPacket train ? train.traits() : Traits.EMPTY;
    }

    /** Returns how many datagrams a message has: one, or the segments of its train. */
    static int datagrams(Object msg) {
        return msg instanceof SegmentedDatagramPacket train
                ? Math.max(1, (train.content().readableBytes() + train.segmentSize() - 1) / train.segmentSize())
                : 1;
    }

    private static boolean isSendable(
            Traits traits, DatagramCarrier carrier, UnsendablePolicy onUnsendable, InetSocketAddress target)
            throws TraitsException {
        try {
            // Without a recipient only the kernel can decide.
            carrier.requireSendable(traits, target == null || WireFamily.isIpv4(target.getAddress()));
            return true;
        } catch (TraitsException e) {
            if (onUnsendable == UnsendablePolicy.DROP) {
                Counts.incrementAndLogFirst(TraitsCounter.DATAGRAM_DROPPED, target, e);
                return false;
            }
            Counts.incrementAndLogFirst(TraitsCounter.DATAGRAM_REFUSED, target, e);
            throw e;
        }
    }

    private static DatagramPacket withoutTraits(Object msg) {
        DatagramPacket packet = (DatagramPacket) msg;
        return packet instanceof SegmentedDatagramPacket train
                ? new SegmentedDatagramPacket(train.content(), train.segmentSize(), train.recipient(), train.sender())
                : new DatagramPacket(packet.content(), packet.recipient(), packet.sender());
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
