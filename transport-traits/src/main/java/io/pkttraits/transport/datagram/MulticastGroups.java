// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.pkttraits.transport.internal.sys.GroupReq;
import io.pkttraits.transport.internal.sys.SocketOption;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;

/** Joins and leaves multicast groups of both families with the protocol-independent options (RFC 3678, ip(7)). */
final class MulticastGroups {
    private static final int MCAST_JOIN_GROUP = 42;
    private static final int MCAST_BLOCK_SOURCE = 43;
    private static final int MCAST_LEAVE_GROUP = 45;
    private static final int MCAST_JOIN_SOURCE_GROUP = 46;
    private static final int MCAST_LEAVE_SOURCE_GROUP = 47;

    private MulticastGroups() {}

    /** @param source the only sender to receive from, or {@code null} for any */
    static void join(UdpSocket socket, InetAddress group, NetworkInterface on, InetAddress source) throws IOException {
        set(socket, source == null ? MCAST_JOIN_GROUP : MCAST_JOIN_SOURCE_GROUP, group, on, source);
    }

    /** Undoes a {@link #join} with the same arguments. */
    static void leave(UdpSocket socket, InetAddress group, NetworkInterface on, InetAddress source) throws IOException {
        set(socket, source == null ? MCAST_LEAVE_GROUP : MCAST_LEAVE_SOURCE_GROUP, group, on, source);
    }

    /** Stops receiving from a sender in a group that was joined for any sender. */
    static void block(UdpSocket socket, InetAddress group, NetworkInterface on, InetAddress source) throws IOException {
        set(socket, MCAST_BLOCK_SOURCE, group, on, source);
    }

    private static void set(UdpSocket socket, int option, InetAddress group, NetworkInterface on, InetAddress source)
            throws IOException {
        int level = group instanceof Inet4Address ? SocketOption.SOL_IP : SocketOption.SOL_IPV6;
        byte[] sourceBytes = source == null ? null : source.getAddress();
        if (sourceBytes != null && sourceBytes.length != group.getAddress().length) {
            throw new IllegalArgumentException("source " + source + " is of another family than group " + group);
        }
        socket.setRaw(level, option, GroupReq.of(on == null ? 0 : on.getIndex(), group.getAddress(), sourceBytes));
    }
}
