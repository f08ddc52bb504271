// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Of which family both sockets of a test are, and the packets between them. */
public enum DatagramFamily {
    IPV4(SocketProtocolFamily.INET),
    IPV6(SocketProtocolFamily.INET6),
    /** IPv6 sockets, IPv4 packets. */
    DUAL_STACK(SocketProtocolFamily.INET6);

    public final SocketProtocolFamily sockets;

    DatagramFamily(SocketProtocolFamily sockets) {
        this.sockets = sockets;
    }

    /** The one whose packets go to that address, from a socket of the same family. */
    static DatagramFamily of(InetAddress address) {
        return address instanceof Inet4Address ? IPV4 : IPV6;
    }

    public InetAddress loopback() {
        return this == IPV6 ? NetUtil.LOCALHOST6 : NetUtil.LOCALHOST4;
    }

    InetSocketAddress bindAddress() {
        try {
            return new InetSocketAddress(this == DUAL_STACK ? InetAddress.getByAddress(new byte[16]) : loopback(), 0);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
