// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.proxy.net.IoTransport;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an upstream says behind a response, be it the beginning of another one, never reaches the next client. */
@Timeout(60)
class SurplusBytesTest {
    private static final String[] SURPLUSES = {
        "H", "HTTP/1.1 403 Nope\r\n", "HTTP/1.1 403 Nope\r\nSet-Cookie: evil=1\r\nX: ",
    };

    static Stream<Arguments> responses() {
        return EachTransport.Source.transports()
                .flatMap(transport -> Stream.of(
                                "GET|200 OK\r\nContent-Length: 2\r\n\r\nok",
                                "GET|200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
                                "GET|200 OK\r\nContent-Length: 0\r\n\r\n",
                                "HEAD|200 OK\r\nContent-Length: 99\r\n\r\n",
                                "GET|204 No Content\r\nContent-Length: 99\r\n\r\n",
                                "GET|304 Not Modified\r\nContent-Length: 99\r\n\r\n")
                        .map(text -> Arguments.of(transport, text.split("\\|", 2)[0], text.split("\\|", 2)[1])));
    }

    @ParameterizedTest
    @MethodSource("responses")
    void surplusOfTheSameReadIsDropped(IoTransport transport, String method, String response) throws Exception {
        ScriptedUpstream.Script script = (wire, connection) -> {
            wire.readHead();
            if (connection % 2 == 0) {
                wire.send("HTTP/1.1 " + response + SURPLUSES[connection / 2]);
                wire.readHead();
                wire.send("\r\n\r\n");
            } else {
                wire.sendHead("HTTP/1.1 200 OK", "Connection: close", "Content-Length: 4")
                        .send("good");
            }
            wire.readAll();
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                TestProxy proxy = TestProxy.start(transport, upstream.address())) {
            for (int i = 0; i < SURPLUSES.length; i++) {
                try (HttpWire first = proxy.connect()) {
                    first.sendHead(method + " / HTTP/1.1", "Host: a");
                    String status = first.readHead();
                    assertTrue(status.startsWith("HTTP/1.1 " + response.substring(0, 3)), status);
                }
                assertNextIsGood(proxy);
            }
            assertEquals(2 * SURPLUSES.length, upstream.connections());
        }
    }

    @EachTransport
    void lateSurplusClosesTheUnusedConnection(IoTransport transport) throws Exception {
        CountDownLatch[] unused = {new CountDownLatch(1), new CountDownLatch(1), new CountDownLatch(1)};
        Semaphore closed = new Semaphore(0);
        ScriptedUpstream.Script script = (wire, connection) -> {
            wire.readHead();
            if (connection == SURPLUSES.length) {
                wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 4").send("good");
                wire.readAll();
                return;
            }
            wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 2").send("ok");
            unused[connection].await();
            wire.send(SURPLUSES[connection]);
            if (wire.isAtEnd()) {
                closed.release();
            }
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                TestProxy proxy = TestProxy.start(transport, upstream.address())) {
            for (CountDownLatch latch : unused) {
                try (HttpWire first = proxy.connect()) {
                    first.sendHead("GET / HTTP/1.1", "Host: a").readMessage();
                }
                latch.countDown();
                assertTrue(closed.tryAcquire(20, TimeUnit.SECONDS), "the proxy did not notice");
            }
            assertNextIsGood(proxy);
            assertEquals(SURPLUSES.length + 1, upstream.connections());
        }
    }

    @EachTransport
    void responseToHeadHasNoContentAndItsConnectionIsUsedAgain(IoTransport transport) throws Exception {
        ScriptedUpstream.Script script = (wire, connection) -> {
            while (true) {
                boolean head = wire.readHead().startsWith("HEAD ");
                wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 4").send(head ? "" : "good");
            }
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                TestProxy proxy = TestProxy.start(transport, upstream.address())) {
            for (int i = 0; i < 3; i++) {
                try (HttpWire client = proxy.connect()) {
                    client.sendHead("HEAD / HTTP/1.1", "Host: a").readHead();
                }
                assertNextIsGood(proxy);
            }
            assertEquals(1, upstream.connections());
        }
    }

    private static void assertNextIsGood(TestProxy proxy) throws Exception {
        try (HttpWire next = proxy.connect()) {
            String response = next.sendHead("GET / HTTP/1.1", "Host: a").readMessage();
            assertTrue(response.startsWith("HTTP/1.1 200 ") && response.endsWith("good"), response);
            assertTrue(!response.contains("evil"), response);
        }
    }
}
