// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.bench;

import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.util.NetUtil;
import java.net.InetAddress;

/** The address families of the datagram benchmark. */
enum LoopbackFamily {
    IPV4(SocketProtocolFamily.INET, NetUtil.LOCALHOST4),
    IPV6(SocketProtocolFamily.INET6, NetUtil.LOCALHOST6);

    final SocketProtocolFamily sockets;
    final InetAddress loopback;

    LoopbackFamily(SocketProtocolFamily sockets, InetAddress loopback) {
        this.sockets = sockets;
        this.loopback = loopback;
    }

    /** As the programs in C want it. */
    String argument() {
        return this == IPV4 ? "ipv4" : "ipv6";
    }

    @Override
    public String toString() {
        return argument();
    }
}
