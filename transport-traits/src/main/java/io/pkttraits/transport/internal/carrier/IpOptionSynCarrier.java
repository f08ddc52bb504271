// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import io.netty.channel.ChannelException;
import io.netty.channel.unix.Socket;
import io.pkttraits.Traits;
import io.pkttraits.codec.MalformedTraitsException;
import io.pkttraits.codec.TraitTlvCodec;
import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.PeerNetworks;
import io.pkttraits.transport.TraitsCounter;
import io.pkttraits.transport.TraitsException;
import io.pkttraits.transport.internal.sys.Errno;
import io.pkttraits.transport.internal.sys.SocketOption;
import io.pkttraits.transport.internal.sys.WireFamily;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * Carries traits in an experimental IP option of the SYN, with socket options that every kernel has (ip(7), ipv6(7),
 * tcp(7)). Nothing has to be loaded. Sending requires {@code CAP_NET_RAW}.
 *
 * <p>Options can be forged, so they are read only from {@link PeerNetworks}.
 */
public final class IpOptionSynCarrier implements SynCarrier {
    static final SocketOption TCP_SAVE_SYN = new SocketOption(SocketOption.SOL_TCP, 27);
    static final SocketOption TCP_SAVED_SYN = new SocketOption(SocketOption.SOL_TCP, 28);
    public static final SocketOption IP_OPTIONS = new SocketOption(SocketOption.SOL_IP, 4);
    public static final SocketOption IPV6_DSTOPTS =
            new SocketOption(SocketOption.SOL_IPV6, IpOptionDatagramCarrier.IPV6_DSTOPTS);

    private static final SizeLimit IPV4_ROOM =
            new SizeLimit("an IPv4 option", Ipv4TraitOption.MAX_TLV_LENGTH, TraitTlvCodec.HEADER_LENGTH);
    private static final SizeLimit IPV6_ROOM =
            new SizeLimit("an IPv6 destination option", Ipv6TraitOption.MAX_TLV_LENGTH, TraitTlvCodec.HEADER_LENGTH);

    private final PeerNetworks trust;

    public IpOptionSynCarrier(PeerNetworks trust) {
        this.trust = trust;
    }

    @Override
    public CarrierType type() {
        return CarrierType.IP_OPTION;
    }

    @Override
    public SocketOption saveOption() {
        return TCP_SAVE_SYN;
    }

    @Override
    public Traits readSyn(Socket accepted, Object subject) {
        SockOptBuffer buffer = SockOptBuffer.get();
        // The kernel does not say how much it wrote, but no IP packet begins with 0.
        buffer.bytes().setByte(0, 0);
        try {
            buffer.get(accepted, TCP_SAVED_SYN, SockOptBuffer.CAPACITY);
        } catch (IOException | ChannelException e) {
            return Counts.none(TraitsCounter.READ_ERROR, subject, e);
        }
        return switch (SavedSyn.find(buffer.bytes())) {
            case FOUND -> decode(buffer, subject);
            case FOREIGN -> Counts.none(TraitsCounter.FOREIGN, subject, null);
            case MALFORMED -> Counts.none(TraitsCounter.MALFORMED, subject, null);
            case SOURCE_ROUTED -> Counts.none(TraitsCounter.UNTRUSTED, subject, null);
            case NO_PACKET -> {
                AbsentSyn.count(TCP_SAVE_SYN, accepted, subject, TraitsCounter.SYN_NOT_KEPT);
                yield Traits.EMPTY;
            }
            case ABSENT -> {
                Counts.increment(TraitsCounter.SYN_ABSENT, subject);
                yield Traits.EMPTY;
            }
        };
    }

    private Traits decode(SockOptBuffer buffer, Object subject) {
        if (!SavedSyn.isFrom(trust, buffer.bytes())) {
            return Counts.none(TraitsCounter.UNTRUSTED, subject, null);
        }
        try {
            Traits traits = TraitTlvCodec.decode(buffer.bytes());
            Counts.increment(traits.isEmpty() ? TraitsCounter.SYN_ABSENT : TraitsCounter.SYN_READ, subject);
            return traits;
        } catch (MalformedTraitsException e) {
            return Counts.none(TraitsCounter.MALFORMED, subject, e);
        }
    }

    @Override
    public void prepareConnect(Socket socket, InetSocketAddress remote, Traits traits) throws TraitsException {
        int tlvLength = TraitTlvCodec.encodedLength(traits);
        SockOptBuffer buffer = SockOptBuffer.get();
        SocketOption option = optionTowards(remote);
        if (option.equals(IP_OPTIONS)) {
            requireFits(traits, true);
            Ipv4TraitOption.encode(traits, tlvLength, buffer.bytes());
        } else {
            requireFits(traits, false);
            Ipv6TraitOption.encode(traits, tlvLength, buffer.bytes());
        }
        try {
            buffer.set(socket, option);
        } catch (IOException | ChannelException e) {
            int errno = Errno.of(e);
            throw TraitsException.failed(
                    type(),
                    errno,
                    "cannot set " + traits.size() + " traits of " + tlvLength + " bytes: " + e.getMessage()
                            + (errno == Errno.EPERM ? "; sending IP options requires CAP_NET_RAW" : ""),
                    e);
        }
    }

    @Override
    public void connected(Socket socket, InetSocketAddress remote) throws IOException {
        SockOptBuffer.get().set(socket, optionTowards(remote));
    }

    private static SocketOption optionTowards(InetSocketAddress remote) {
        return WireFamily.isIpv4(remote.getAddress()) ? IP_OPTIONS : IPV6_DSTOPTS;
    }

    static void requireFits(Traits traits, boolean ipv4) throws TraitsException {
        (ipv4 ? IPV4_ROOM : IPV6_ROOM).require(CarrierType.IP_OPTION, traits);
    }
}
