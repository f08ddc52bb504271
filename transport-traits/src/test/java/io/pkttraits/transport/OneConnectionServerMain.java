// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.pkttraits.Traits;
import java.net.InetSocketAddress;

/** Listens on an address, prints the port, and what the one connection that it accepts brought. */
final class OneConnectionServerMain {
    private OneConnectionServerMain() {}

    public static void main(String[] args) throws Exception {
        Family family = args[0].indexOf(':') >= 0 ? Family.IPV6 : Family.IPV4;
        try (TestServer server = new TestServer(
                TestTransport.all().get(0), family, args[0], bootstrap -> bootstrap.handler(new SynTraitsHandler()))) {
            System.out.println("port=" + ((InetSocketAddress) server.listener().localAddress()).getPort());
            Traits traits = SynTraits.of(server.nextAccepted());
            System.out.println("traits=" + traits);
            System.out.println("untrusted=" + TraitsCounter.UNTRUSTED.get());
        }
    }
}
