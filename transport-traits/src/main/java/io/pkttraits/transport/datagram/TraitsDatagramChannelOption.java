// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.channel.ChannelOption;
import io.pkttraits.transport.UnsendablePolicy;

/** Channel options of a {@link TraitsDatagramChannel}. Stock datagram channels do not have them. */
public final class TraitsDatagramChannelOption {
    /**
     * Whether to ask the kernel for the traits of each datagram. True by default.
     *
     * <p>The carrier {@code ip-option} sets {@code IP_RECVOPTS} and {@code IPV6_RECVDSTOPTS} (ip(7), ipv6(7)) on the socket, the
     * carrier {@code kernel} the RFC's {@code SO_RCV_PKT_TRAITS}.
     */
    public static final ChannelOption<Boolean> SO_RCV_PKT_TRAITS =
            ChannelOption.valueOf(TraitsDatagramChannelOption.class, "SO_RCV_PKT_TRAITS");

    /** What a write does if its traits cannot be sent. {@link UnsendablePolicy#FAIL} by default. */
    public static final ChannelOption<UnsendablePolicy> UNSENDABLE_POLICY =
            ChannelOption.valueOf(TraitsDatagramChannelOption.class, "UNSENDABLE_POLICY");

    /** Chooses the recipient address of received packets. {@link RecipientDecorator#NONE} by default. */
    public static final ChannelOption<RecipientDecorator> RECIPIENT_DECORATOR =
            ChannelOption.valueOf(TraitsDatagramChannelOption.class, "RECIPIENT_DECORATOR");

    /**
     * Whether the kernel may merge datagrams of one sender into trains (udp(7), {@code UDP_GRO}); the channel takes the trains
     * apart again. Each packet has the traits of its train's first datagram. False by default. The same option as {@code
     * EpollChannelOption.UDP_GRO}, for which io_uring has no constant.
     */
    public static final ChannelOption<Boolean> UDP_GRO = ChannelOption.valueOf("UDP_GRO");

    /**
     * Whether the recipient of a received IPv4 packet is the address that it was originally sent to (ip(7), {@code
     * IP_RECVORIGDSTADDR}), for transparent proxies. False by default: the recipient is the channel's local address. The same
     * option as {@code EpollChannelOption.IP_RECVORIGDSTADDR}, for which io_uring has no constant.
     */
    public static final ChannelOption<Boolean> IP_RECVORIGDSTADDR = ChannelOption.valueOf("IP_RECVORIGDSTADDR");

    private TraitsDatagramChannelOption() {}
}
