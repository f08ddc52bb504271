// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.channel.unix.Socket;
import java.util.List;

/** Where a suite's server listens and to which address its client connects. */
public enum Family {
    IPV4("127.0.0.1", "127.0.0.1"),
    IPV6("::1", "::1"),
    /** The packets are IPv4, the listening socket is IPv6: it sees mapped addresses. */
    DUAL_STACK("::", "127.0.0.1");

    final String listen;
    final String connect;

    Family(String listen, String connect) {
        this.listen = listen;
        this.connect = connect;
    }

    boolean isIpv4OnTheWire() {
        return this != IPV6;
    }

    /** With {@code java.net.preferIPv4Stack} Netty's sockets are AF_INET, and there is nothing else to test. */
    static List<Family> all() {
        // Known only once a native transport is loaded.
        PacketTraits.ensureAvailability();
        return Socket.isIPv6Preferred() ? List.of(values()) : List.of(IPV4);
    }
}
