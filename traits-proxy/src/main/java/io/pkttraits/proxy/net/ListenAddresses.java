// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.net;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Where datagrams have to be received. A socket that is bound to the wildcard replies from whatever address the route prefers, which on a
 * host with several is not always the one that the client sent to; so each address of the host gets a socket of its own.
 */
public final class ListenAddresses {
    private ListenAddresses() {}

    /**
     * The address itself, or for a wildcard all of the host's, with the port that is to be taken. All of them are free.
     *
     * @throws IOException if one of them is not
     */
    public static List<InetSocketAddress> of(InetSocketAddress listen) throws IOException {
        int port = freePort(listen);
        InetAddress address = listen.getAddress();
        List<InetAddress> addresses = address.isAnyLocalAddress() ? local(address) : List.of(address);
        return addresses.stream().map(one -> new InetSocketAddress(one, port)).collect(Collectors.toList());
    }

    /** Sockets that share a port do not notice who else has it, and a port for several addresses must be free at all of them. */
    private static int freePort(InetSocketAddress listen) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(listen)) {
            return socket.getLocalPort();
        }
    }

    private static List<InetAddress> local(InetAddress wildcard) throws IOException {
        boolean ipv4Alone = wildcard instanceof Inet4Address;
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !ipv4Alone || address instanceof Inet4Address)
                .distinct()
                .collect(Collectors.toList());
    }
}
