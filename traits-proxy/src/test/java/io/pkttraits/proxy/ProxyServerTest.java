// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.Traits;
import io.pkttraits.proxy.config.UpstreamProtocol;
import io.pkttraits.proxy.net.IoTransport;
import java.time.Duration;
import java.util.List;
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
                try (TestProxy proxy = upstream.proxy(transport).start();
                        HttpWire wire = proxy.connect()) {
                    for (int number = 0; number < CONNECTIONS; number++) {
                        String answer = upstream.ask(wire, number);
                        assertTrue(SetsUpstream.isAnswer(answer, number), answer);
                    }
                    assertEquals(CONNECTIONS, upstream.open());
                    proxy.shutDown(Duration.ofMillis(1));
                }
                Await.until(() -> upstream.open() == 0, () -> upstream.open() + " connections were left open");
                assertEquals(List.of(), upstream.wrong());
            }
        }
    }

    private static Traits set(int number) {
        return Traits.EMPTY.withInt(7, number);
    }
}
