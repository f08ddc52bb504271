// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.buffer.ByteBuf;
import io.pkttraits.Traits;
import io.pkttraits.transport.TraitsCounter;
import io.pkttraits.transport.internal.carrier.Counts;
import io.pkttraits.transport.internal.sys.CmsgHdr;
import io.pkttraits.transport.internal.sys.SockaddrIn;
import io.pkttraits.transport.internal.sys.SocketOption;
import java.net.InetSocketAddress;
import java.util.List;

/** Turns received messages into packets. */
final class ReceivedPackets {
    static final int UDP_GRO = 104;
    static final int IP_ORIGDSTADDR = 20;

    private static final int UDP_GRO_SPACE = CmsgHdr.space(Integer.BYTES);
    private static final int IP_ORIGDSTADDR_SPACE = CmsgHdr.space(SockaddrIn.SIZE);

    private ReceivedPackets() {}

    /** Returns how many bytes of control buffer the kernel may fill with the options that are on. */
    static int controlLength(TraitsDatagramChannelConfig config) {
        return config.traitsControlLength()
                + (config.isUdpGro() ? UDP_GRO_SPACE : 0)
                + (config.isIpRecvOrigDestAddr() ? IP_ORIGDSTADDR_SPACE : 0);
    }

    /** Returns the same, with room for UDP_GRO even if it is off: it may be switched on while the kernel has the buffer. */
    static int controlLengthAhead(TraitsDatagramChannelConfig config) {
        return controlLength(config) + (config.isUdpGro() ? 0 : UDP_GRO_SPACE);
    }

    /**
     * Appends the packets of a message to {@code out}: one, or as many as a UDP_GRO train had, each with the train's
     * traits, which are those of its first datagram (KEEP_FIRST).
     *
     * @param data the payload, readable; its ownership passes to the packets
     * @param local the channel's own address, for the packets' recipient
     */
    static void decode(
            ReceiveBatch memory,
            int message,
            ByteBuf data,
            TraitsDatagramChannelConfig config,
            InetSocketAddress local,
            List<Object> out) {
        Traits traits = Traits.EMPTY;
        InetSocketAddress recipient = local;
        int segmentSize = 0;
        if ((config.isReceiveTraits() || config.isUdpGro()) && memory.messages().isControlTruncated(message)) {
            Counts.incrementAndLogFirst(TraitsCounter.TRUNCATED, config.channel(), null);
        } else if (config.isReceiveTraits()) {
            traits = traits(memory, message, config);
        }
        if (config.isUdpGro() || config.isIpRecvOrigDestAddr()) {
            CmsgHdr.Iterator cmsgs = memory.cmsgs(message);
            while (cmsgs.next()) {
                if (cmsgs.is(SocketOption.SOL_UDP, UDP_GRO)) {
                    segmentSize = cmsgs.intData();
                } else if (cmsgs.is(SocketOption.SOL_IP, IP_ORIGDSTADDR) && cmsgs.dataLength() >= SockaddrIn.SIZE) {
                    recipient = memory.ipv4Address(cmsgs);
                }
            }
        }
        if (recipient != null) {
            recipient = config.getRecipientDecorator().decorate(recipient, traits);
        }
        InetSocketAddress sender = memory.sender(message);
        if (segmentSize <= 0 || segmentSize >= data.readableBytes()) {
            out.add(new TraitsDatagramPacket(data, recipient, sender, traits));
            return;
        }
        if (config.isReceiveTraits()) {
            Counts.add(TraitsCounter.GRO_KEEP_FIRST, (data.readableBytes() - 1) / segmentSize, null);
        }
        while (data.isReadable()) {
            ByteBuf segment = data.readRetainedSlice(Math.min(segmentSize, data.readableBytes()));
            out.add(new TraitsDatagramPacket(segment, recipient, sender, traits));
        }
        data.release();
    }

    private static Traits traits(ReceiveBatch memory, int message, TraitsDatagramChannelConfig config) {
        if (memory.messages().controlLength(message) == 0) {
            Counts.increment(TraitsCounter.DATAGRAM_ABSENT, config.channel());
            return Traits.EMPTY;
        }
        return config.carrier().read(memory.messages(), message, memory.cmsgs(message), config.channel());
    }
}
