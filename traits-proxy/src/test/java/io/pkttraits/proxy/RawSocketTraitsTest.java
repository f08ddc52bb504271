// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.proxy.net.HostPort;
import io.pkttraits.proxy.net.IoTransport;
import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.PacketTraits;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A client and an upstream that know nothing of this project, only setsockopt(2) and getsockopt(2), on each side of the proxy: with
 * the carrier of this JVM, and with {@code ip-option}, which root has everywhere.
 */
@Timeout(120)
@Tag("test-kernel")
class RawSocketTraitsTest {
    private static final String SETS = "50";

    static Stream<Arguments> carriersTransportsAndHosts() {
        PacketTraits.ensureAvailability();
        Set<CarrierType> carriers = EnumSet.of(PacketTraits.carrier());
        if (Boolean.getBoolean("io.pkttraits.test.emulator")) { // where this takes long
            return Stream.of(
                    Arguments.of(PacketTraits.carrier(), IoTransport.EPOLL, "127.0.0.1"),
                    Arguments.of(PacketTraits.carrier(), IoTransport.IO_URING, "::1"));
        }
        carriers.add(CarrierType.IP_OPTION);
        return carriers.stream()
                .flatMap(carrier -> EachTransport.Source.transports()
                        .flatMap(transport ->
                                Stream.of("127.0.0.1", "::1").map(host -> Arguments.of(carrier, transport, host))));
    }

    @ParameterizedTest
    @MethodSource("carriersTransportsAndHosts")
    void clientAndUpstreamSeeTheSameTraits(CarrierType carrier, IoTransport transport, String host) throws Exception {
        try (PythonProgram upstream = new PythonProgram("raw_upstream.py", carrier.id(), host)) {
            HostPort upstreamAddress = new HostPort(host, Integer.parseInt(upstream.readLine()));
            try (JavaProgram proxy = new JavaProgram(
                    TraitsProxy.class,
                    "--listen",
                    new HostPort(host, 0).toString(),
                    "--upstream",
                    upstreamAddress.toString(),
                    "--carrier",
                    carrier.id(),
                    "--transport",
                    transport.toString())) {
                String port = String.valueOf(proxy.awaitReady().port());
                try (PythonProgram client = new PythonProgram("raw_client.py", carrier.id(), host, port, SETS, "7")) {
                    String output = client.awaitEnd();
                    assertTrue(output.matches(SETS + " sets of [1-9][0-9]* traits\n"), output + proxy.stderr());
                }
            }
        }
    }
}
