// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import static io.pkttraits.transport.internal.sys.SocketOption.SOL_IP;
import static io.pkttraits.transport.internal.sys.SocketOption.SOL_IPV6;

import io.netty.buffer.ByteBuf;
import io.netty.channel.unix.Socket;
import io.pkttraits.Traits;
import io.pkttraits.codec.MalformedTraitsException;
import io.pkttraits.codec.TraitTlvCodec;
import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.PeerNetworks;
import io.pkttraits.transport.TraitsCounter;
import io.pkttraits.transport.TraitsException;
import io.pkttraits.transport.internal.sys.CmsgHdr;
import io.pkttraits.transport.internal.sys.MessageBatch;
import io.pkttraits.transport.internal.sys.SockaddrIn;
import io.pkttraits.transport.internal.sys.SockaddrIn6;
import java.io.IOException;

/**
 * Carries traits in an experimental IP option of each datagram, with control messages that every kernel has (ip(7),
 * ipv6(7), RFC 3542).
 *
 * <p>{@code IP_RECVOPTS} and {@code IPV6_RECVDSTOPTS} receive the option, {@code IP_RETOPTS} and {@code IPV6_DSTOPTS} send
 * it. A dual-stack socket uses all four. Sending requires {@code CAP_NET_RAW}.
 *
 * <p>Options can be forged, so they are read only from {@link PeerNetworks}, and not from a packet with a source route.
 */
public final class IpOptionDatagramCarrier implements DatagramCarrier {
    public static final int IP_RECVOPTS = 6;
    public static final int IP_RETOPTS = 7;
    static final int IPV6_RECVRTHDR = 56;
    static final int IPV6_RTHDR = 57;
    static final int IPV6_RECVDSTOPTS = 58;
    public static final int IPV6_DSTOPTS = 59;

    /** All options of an IPv4 header. */
    private static final int MAX_IPV4_OPTIONS = 40;
    /** The longest extension header: its length is a byte that counts units of 8 bytes beyond the first. */
    private static final int MAX_EXTENSION_HEADER = 2048;
    /** RFC 8200 section 4.1: destination options may come before a routing header and before the payload. */
    private static final int MAX_IPV6_HEADERS = 3;

    private static final int MAX_SENT_IPV6_HEADER = (6 + Ipv6TraitOption.MAX_TLV_LENGTH + 7) & -8;

    private final PeerNetworks trust;

    public IpOptionDatagramCarrier(PeerNetworks trust) {
        this.trust = trust;
    }

    @Override
    public CarrierType type() {
        return CarrierType.IP_OPTION;
    }

    @Override
    public void setReceive(Socket socket, boolean ipv6, boolean on) throws IOException {
        int value = on ? 1 : 0;
        socket.setIntOpt(SOL_IP, IP_RECVOPTS, value);
        if (ipv6) {
            socket.setIntOpt(SOL_IPV6, IPV6_RECVDSTOPTS, value);
            socket.setIntOpt(SOL_IPV6, IPV6_RECVRTHDR, value);
        }
    }

    @Override
    public int receiveControlLength(boolean ipv6) {
        // A packet is either an IPv4 or an IPv6 one, and the latter's headers take more.
        return ipv6 ? MAX_IPV6_HEADERS * CmsgHdr.space(MAX_EXTENSION_HEADER) : CmsgHdr.space(MAX_IPV4_OPTIONS);
    }

    @Override
    public int sendControlLength() {
        return CmsgHdr.space(Math.max(MAX_IPV4_OPTIONS, MAX_SENT_IPV6_HEADER));
    }

    @Override
    public Traits read(MessageBatch batch, int message, CmsgHdr.Iterator cmsgs, Object subject) {
        OptionSearchResult result = OptionSearchResult.ABSENT;
        boolean routed = false;
        int from = 0;
        int to = 0;
        while (cmsgs.next()) {
            OptionSearchResult here;
            ByteBuf data = cmsgs.data();
            if (cmsgs.is(SOL_IP, IP_RECVOPTS)) {
                here = Ipv4TraitOption.find(data, data.readerIndex(), data.writerIndex());
            } else if (cmsgs.is(SOL_IPV6, IPV6_DSTOPTS)) {
                here = findInDestinationOptions(data);
            } else {
                routed |= cmsgs.is(SOL_IPV6, IPV6_RTHDR);
                continue;
            }
            if (here == OptionSearchResult.MALFORMED
                    || (here == OptionSearchResult.FOUND && result == OptionSearchResult.FOUND)) {
                return Counts.none(TraitsCounter.MALFORMED, subject, null);
            }
            if (here == OptionSearchResult.FOUND) {
                from = data.readerIndex();
                to = data.writerIndex();
            }
            if (here != OptionSearchResult.ABSENT && result != OptionSearchResult.FOUND) {
                result = here;
            }
        }
        if (cmsgs.isMalformed()) {
            return Counts.none(TraitsCounter.MALFORMED, subject, null);
        }
        return switch (result) {
            case FOUND ->
                routed || !isTrusted(batch, message)
                        ? Counts.none(TraitsCounter.UNTRUSTED, subject, null)
                        : decode(batch.bytes().setIndex(from, to), subject);
            case FOREIGN -> Counts.none(TraitsCounter.FOREIGN, subject, null);
            case SOURCE_ROUTED -> Counts.none(TraitsCounter.UNTRUSTED, subject, null);
            default -> {
                Counts.increment(TraitsCounter.DATAGRAM_ABSENT, subject);
                yield Traits.EMPTY;
            }
        };
    }

    private static OptionSearchResult findInDestinationOptions(ByteBuf header) {
        int start = header.readerIndex();
        int length = header.readableBytes();
        if (length < 8 || (header.getUnsignedByte(start + 1) + 1) * 8 != length) {
            return OptionSearchResult.MALFORMED;
        }
        return Ipv6TraitOption.find(header, start + 2, start + length);
    }

    private boolean isTrusted(MessageBatch batch, int message) {
        int at = batch.nameAt(message);
        return switch (batch.family(message)) {
            case SockaddrIn.AF_INET -> trust.containsIpv4(batch.bytes(), at + SockaddrIn.SIN_ADDR);
            case SockaddrIn6.AF_INET6 -> trust.containsIpv6(batch.bytes(), at + SockaddrIn6.SIN6_ADDR);
            default -> false;
        };
    }

    private static Traits decode(ByteBuf tlvs, Object subject) {
        try {
            Traits traits = TraitTlvCodec.decode(tlvs);
            Counts.increment(traits.isEmpty() ? TraitsCounter.DATAGRAM_ABSENT : TraitsCounter.DATAGRAM_READ, subject);
            return traits;
        } catch (MalformedTraitsException e) {
            return Counts.none(TraitsCounter.MALFORMED, subject, e);
        }
    }

    @Override
    public void requireSendable(Traits traits, boolean ipv4) throws TraitsException {
        IpOptionSynCarrier.requireFits(traits, ipv4);
    }

    @Override
    public void write(Traits traits, boolean ipv4, CmsgHdr.Encoder cmsgs) {
        int tlvLength = TraitTlvCodec.encodedLength(traits);
        if (ipv4) {
            Ipv4TraitOption.encode(traits, tlvLength, cmsgs.add(SOL_IP, IP_RETOPTS));
        } else {
            Ipv6TraitOption.encode(traits, tlvLength, cmsgs.add(SOL_IPV6, IPV6_DSTOPTS));
        }
        cmsgs.finish();
    }
}
