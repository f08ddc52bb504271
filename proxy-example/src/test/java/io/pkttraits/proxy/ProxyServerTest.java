// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.codec.TraitFieldCodec;
import io.pkttraits.codec.Traits;
import io.pkttraits.proxy.hop.HopSend;
import io.pkttraits.proxy.hop.TestHops;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a proxy leaves behind in the process that it ran in. */
@Timeout(120)
class ProxyServerTest {
    private static final int ROUNDS = 20;
    private static final int CONNECTIONS = 16;

    @ParameterizedTest
    @CsvSource({"EPOLL, H1", "EPOLL, H2C", "IO_URING, H1", "IO_URING, H2C"})
    void shutDownClosesTheUpstreamConnections(IoTransport transport, UpstreamProtocol protocol) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            try (SetsUpstream upstream = new SetsUpstream(protocol, ProxyServerTest::set, CONNECTIONS, CONNECTIONS)) {
                TestHops hops = new TestHops();
                hops.fieldFrom = TestHops.LOOPBACK;
                hops.field = HopSend.BOTH;
                TestProxy.Builder builder = new TestProxy.Builder(transport, upstream.address(), hops.config());
                builder.upstreamProtocol = protocol;
                try (TestProxy proxy = builder.start();
                        HttpWire wire = proxy.connect()) {
                    for (int number = 0; number < CONNECTIONS; number++) {
                        String field = "Packet-Traits: " + TraitFieldCodec.encode(set(number));
                        String answer = wire.sendHead("GET /" + number + " HTTP/1.1", "Host: a", field)
                                .readMessage();
                        assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
                    }
                    assertEquals(CONNECTIONS, upstream.open());
                    proxy.shutDown(Duration.ofMillis(1));
                }
                awaitNoneOpen(upstream);
                assertEquals(List.of(), upstream.wrong());
            }
        }
    }

    private static Traits set(int number) {
        return Traits.EMPTY.withInt(7, number);
    }

    private static void awaitNoneOpen(SetsUpstream upstream) throws InterruptedException {
        long start = System.nanoTime();
        while (upstream.open() > 0) {
            assertTrue(
                    System.nanoTime() - start < TimeUnit.SECONDS.toNanos(10),
                    () -> upstream.open() + " connections were left open");
            Thread.sleep(1);
        }
    }
}
