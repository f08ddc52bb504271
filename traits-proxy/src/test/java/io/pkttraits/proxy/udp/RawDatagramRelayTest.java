// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.udp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.proxy.JavaProgram;
import io.pkttraits.proxy.OnEachTransport;
import io.pkttraits.proxy.PythonProgram;
import io.pkttraits.proxy.net.HostPort;
import io.pkttraits.proxy.net.IoTransport;
import io.pkttraits.transport.datagram.DatagramTraits;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client and an upstream that know nothing of this project, only sendmsg(2) and recvmsg(2), on each side of the relay. */
@Timeout(120)
@OnEachTransport
class RawDatagramRelayTest {
    @Parameter
    IoTransport transport;

    private static final int COUNT = Integer.getInteger("io.pkttraits.test.relayedDatagrams", 5000);

    static Stream<String> hosts() {
        return Boolean.getBoolean("io.pkttraits.test.emulator") ? Stream.of("::1") : Stream.of("127.0.0.1", "::1");
    }

    @ParameterizedTest
    @Tag("test-kernel")
    @MethodSource("hosts")
    void randomTraitsPassBothWaysAndNothingIsLost(String host) throws Exception {
        String carrier = DatagramTraits.carrier().id();
        try (PythonProgram upstream = new PythonProgram("raw_datagram_upstream.py", carrier, host, "1");
                JavaProgram relay = relay(host, upstream)) {
            String port = String.valueOf(relay.awaitReady().port());
            try (PythonProgram client =
                    new PythonProgram("raw_datagram_client.py", carrier, host, port, String.valueOf(COUNT), "2")) {
                String output = client.awaitEnd();
                assertTrue(
                        output.matches(COUNT + " datagrams, [1-9][0-9]* traits there, [1-9][0-9]* back\n"),
                        output + relay.stderr());
            }
            relay.terminate();
            String totals = relay.readLine();
            assertEquals(0, relay.awaitExit());
            for (String way : List.of("to-upstream", "to-clients")) {
                assertEquals(COUNT, TestRelay.total(totals, way + ".received"), totals);
                assertEquals(COUNT, TestRelay.total(totals, way + ".sent"), totals);
                assertTrue(TestRelay.total(totals, way + ".with-traits") > COUNT / 2, totals);
            }
            assertEquals(1, TestRelay.total(totals, "flows"), totals);
            assertFalse(relay.stderr().contains("LEAK"), relay.stderr());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void malformedTraitsArriveAsNone(String host) throws Exception {
        try (PythonProgram upstream = new PythonProgram("raw_datagram_upstream.py", "ip-option", host, "1");
                JavaProgram relay = relay(host, upstream)) {
            String port = String.valueOf(relay.awaitReady().port());
            try (PythonProgram client = new PythonProgram("raw_malformed_datagrams.py", host, port)) {
                assertEquals(
                        List.of("truncated", "odd size", "key 64", "not ascending", "repeated", "half a head").stream()
                                .map(kind -> kind + ": ''\n")
                                .collect(Collectors.joining()),
                        client.awaitEnd());
            }
            String log = relay.stderr();
            assertTrue(log.contains("first MALFORMED"), log);
        }
    }

    private JavaProgram relay(String host, PythonProgram upstream) throws Exception {
        return new JavaProgram(
                UdpRelay.class,
                "--transport",
                transport.toString(),
                "--listen",
                new HostPort(host, 0).toString(),
                "--upstream",
                new HostPort(host, Integer.parseInt(upstream.readLine())).toString());
    }
}
