// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.channel.unix.Socket;
import io.pkttraits.transport.internal.sys.NativeMemory;
import io.pkttraits.transport.internal.sys.SocketOption;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;

/** A UDP socket that knows its family and has the options that Netty's public sockets lack. */
final class UdpSocket extends Socket {
    private static final int IP_MULTICAST_IF = 32;
    private static final int IP_MULTICAST_TTL = 33;
    private static final int IP_MULTICAST_LOOP = 34;
    private static final int IP_MULTICAST_ALL = 49;
    private static final int IPV6_MULTICAST_IF = 17;
    private static final int IPV6_MULTICAST_HOPS = 18;
    private static final int IPV6_MULTICAST_LOOP = 19;
    private static final int IPV6_MULTICAST_ALL = 29;

    /** {@code struct ip_mreqn} (ip(7)): two addresses of 4 bytes, not used here, and the index of an interface. */
    private static final int IP_MREQN_SIZE = 12;

    private static final int IMR_IFINDEX = 8;

    private UdpSocket(int fd) {
        super(fd);
    }

    /** Opens a non-blocking socket. As on stock channels, it receives only from multicast groups that it joins itself. */
    static UdpSocket open(boolean ipv6) throws IOException {
        UdpSocket socket = new UdpSocket(newSocketDgram0(ipv6));
        socket.setMulticastAll(false);
        return socket;
    }

    /**
     * Takes over a socket that was opened elsewhere, with the same setting.
     *
     * @throws IOException if it is no UDP socket; the caller keeps it then
     */
    static UdpSocket adopt(int fd) throws IOException {
        UdpSocket socket = new UdpSocket(fd);
        socket.setMulticastAll(false);
        return socket;
    }

    /**
     * Returns true if a family's sockets are IPv6 sockets, which also send to IPv4-mapped addresses.
     *
     * @param family named like one of {@link StandardProtocolFamily}; {@code null} for the preferred family
     */
    static boolean isIpv6(ProtocolFamily family) {
        if (family == null) {
            return isIPv6Preferred();
        }
        return switch (StandardProtocolFamily.valueOf(family.name())) {
            case INET -> false;
            case INET6 -> true;
            default -> throw new UnsupportedOperationException("no datagrams with traits over " + family);
        };
    }

    boolean isIpv6() {
        return ipv6;
    }

    boolean isMulticastAll() throws IOException {
        return getOfFamily(IP_MULTICAST_ALL, IPV6_MULTICAST_ALL) != 0;
    }

    /** Whether the socket receives from groups that other sockets of the host have joined. */
    void setMulticastAll(boolean on) throws IOException {
        setBoth(IP_MULTICAST_ALL, IPV6_MULTICAST_ALL, on ? 1 : 0);
    }

    boolean isMulticastLoop() throws IOException {
        return getOfFamily(IP_MULTICAST_LOOP, IPV6_MULTICAST_LOOP) != 0;
    }

    void setMulticastLoop(boolean on) throws IOException {
        setBoth(IP_MULTICAST_LOOP, IPV6_MULTICAST_LOOP, on ? 1 : 0);
    }

    int getMulticastTtl() throws IOException {
        return getOfFamily(IP_MULTICAST_TTL, IPV6_MULTICAST_HOPS);
    }

    void setMulticastTtl(int ttl) throws IOException {
        setBoth(IP_MULTICAST_TTL, IPV6_MULTICAST_HOPS, ttl);
    }

    /** Sets the interface, by its index, that multicast datagrams are sent on. */
    void setMulticastInterface(int index) throws IOException {
        NativeMemory mreqn = new NativeMemory(IP_MREQN_SIZE);
        mreqn.host().putInt(IMR_IFINDEX, index);
        setRaw(SocketOption.SOL_IP, IP_MULTICAST_IF, mreqn);
        if (ipv6) {
            setIntOpt(SocketOption.SOL_IPV6, IPV6_MULTICAST_IF, index);
        }
    }

    /** Sets the IPv4 option, and on an IPv6 socket, which sends to mapped addresses too, also its IPv6 twin. */
    private void setBoth(int ipv4Option, int ipv6Option, int value) throws IOException {
        setIntOpt(SocketOption.SOL_IP, ipv4Option, value);
        if (ipv6) {
            setIntOpt(SocketOption.SOL_IPV6, ipv6Option, value);
        }
    }

    /** Returns the option of the socket's own family. */
    private int getOfFamily(int ipv4Option, int ipv6Option) throws IOException {
        return ipv6 ? getIntOpt(SocketOption.SOL_IPV6, ipv6Option) : getIntOpt(SocketOption.SOL_IP, ipv4Option);
    }

    void setRaw(int level, int optname, NativeMemory value) throws IOException {
        ByteBuffer view = value.host().duplicate();
        view.clear();
        setRawOpt(level, optname, view);
    }
}
