// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.transport.TestNetwork;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Datagrams between hosts, and on hosts that are set up for a test: in network namespaces. */
@Tag("netty-4.2")
@Tag("slow")
final class DatagramNetworkTest {
    private TestNetwork network;

    @BeforeEach
    void up() throws Exception {
        network = new TestNetwork();
    }

    @AfterEach
    void down() {
        network.close();
    }

    private static String server(DatagramFamily family) {
        return family == DatagramFamily.IPV6 ? TestNetwork.SERVER_IPV6 : TestNetwork.SERVER_IPV4;
    }

    private static void assertContains(List<String> lines, String... expected) {
        for (String line : expected) {
            assertTrue(lines.contains(line), () -> "expected " + line + " of " + lines);
        }
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.OURS)
    void traitsOfAnUntrustedHostAreInvisibleAndCountedPerDatagram(DatagramTransport transport, DatagramFamily family)
            throws Exception {
        String others = "10.9.0.0/16,fd08:2::/64";
        List<String> lines =
                new TwoHosts(network, transport, others).send(server(family), "one@9", "two", "three@8", "four@7");
        assertContains(lines, "one{}", "two{}", "three{}", "four{}", "UNTRUSTED=3", "DATAGRAM_READ=0");
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.OURS)
    void traitsOfATrustedHostAreSeen(DatagramTransport transport, DatagramFamily family) throws Exception {
        String trusted = TestNetwork.CLIENT_IPV4 + ",fd08:1::/64";
        List<String> lines = new TwoHosts(network, transport, trusted).send(server(family), "one@9", "two", "three@8");
        assertContains(lines, "one{9}", "two{}", "three{8}", "UNTRUSTED=0", "DATAGRAM_READ=2");
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.ALL)
    void groupsAreHeardFromAllTheirSendersOrFromSome(DatagramTransport transport, DatagramFamily family)
            throws Exception {
        boolean ipv6 = family == DatagramFamily.IPV6;
        String second = ipv6 ? "fd08:1::11" : "10.8.1.11";
        TestNetwork.sh(
                "ip -n " + network.server() + " addr add " + second + (ipv6 ? "/64 nodad" : "/24") + " dev veth0");
        String output = network.on(network.server())
                .run(
                        MulticastMain.class,
                        transport.name(),
                        "veth0",
                        ipv6 ? "ff05::4242" : "239.1.2.3",
                        server(family),
                        second);
        assertContains(output.lines().toList(), "ok");
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.ALL)
    void fullSocketBufferIsWaitedFor(DatagramTransport transport, DatagramFamily family) throws Exception {
        TestNetwork.sh("tc -n " + network.server() + " qdisc add dev lo root tbf rate 256kbit burst 2k limit 4m");
        String output = network.on(network.server()).run(FullSocketMain.class, transport.name(), family.name());
        assertContains(output.lines().toList(), "ok");
    }
}
