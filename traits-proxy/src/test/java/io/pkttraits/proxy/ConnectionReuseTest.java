// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.proxy.net.IoTransport;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Keep-alive and pipelining, on both sides. */
class ConnectionReuseTest {
    private static final String[] OK = {"HTTP/1.1 200 OK", "Content-Length: 2", "", "ok"};

    @EachTransport
    void bothConnectionsServeManyRequests(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.answering(OK);
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                HttpWire client = proxy.connect()) {
            for (int i = 0; i < 5; i++) {
                String response =
                        client.sendHead("GET /" + i + " HTTP/1.1", "Host: a").readMessage();
                assertTrue(response.startsWith("HTTP/1.1 200 OK\n") && response.endsWith("\nok"), response);
                assertTrue(upstream.next().startsWith("GET /" + i + " HTTP/1.1\n"));
            }
            assertEquals(1, upstream.connections());
        }
    }

    @EachTransport
    void clientsOfOneSetShareAnUpstreamConnectionOneAfterTheOther(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.answering(OK);
                TestProxy proxy = TestProxy.start(transport, upstream.address())) {
            for (int i = 0; i < 5; i++) {
                try (HttpWire client = proxy.connect()) {
                    client.sendHead("GET / HTTP/1.1", "Host: a").readMessage();
                }
            }
            assertEquals(1, upstream.connections());
        }
    }

    @EachTransport
    void pipelinedRequestsAreAnsweredInOrder(IoTransport transport) throws Exception {
        ScriptedUpstream.Script echo = (wire, connection) -> {
            while (true) {
                String path = wire.readHead().split(" ", 3)[1];
                wire.sendHead("HTTP/1.1 200 OK", "Content-Length: " + path.length())
                        .send(path);
            }
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(echo);
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                HttpWire client = proxy.connect()) {
            StringBuilder pipelined = new StringBuilder();
            for (int i = 0; i < 3000; i++) {
                pipelined.append("GET /").append(i).append(" HTTP/1.1\r\nHost: a\r\n\r\n");
            }
            Thread sender = new Thread(() -> assertSent(client, pipelined.toString()));
            sender.start();
            for (int i = 0; i < 3000; i++) {
                assertTrue(client.readMessage().endsWith("\n/" + i));
            }
            sender.join();
            assertEquals(1, upstream.connections());
        }
    }

    @EachTransport
    void clientThatSaysCloseIsClosed(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.answering(OK);
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                HttpWire client = proxy.connect()) {
            String response = client.sendHead("GET / HTTP/1.1", "Host: a", "Connection: close")
                    .readMessage();
            assertTrue(response.contains("\nconnection: close\n"), response);
            assertTrue(client.isAtEnd());
            assertTrue(!upstream.next().contains("connection:"));
        }
    }

    @EachTransport
    void upstreamThatSaysCloseIsNotUsedAgainThoughTheClientIs(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.answering(
                        "HTTP/1.1 200 OK", "Connection: close", "Content-Length: 2", "", "ok");
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                HttpWire client = proxy.connect()) {
            for (int i = 0; i < 3; i++) {
                String response = client.sendHead("GET / HTTP/1.1", "Host: a").readMessage();
                assertTrue(!response.contains("connection: close"), response);
            }
            assertEquals(3, upstream.connections());
        }
    }

    @EachTransport
    void http10ClientIsClosedUnlessItAsksForKeepAlive(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.answering(OK);
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                HttpWire kept = proxy.connect();
                HttpWire closed = proxy.connect()) {
            for (int i = 0; i < 2; i++) {
                String response = kept.sendHead("GET / HTTP/1.0", "Connection: keep-alive")
                        .readMessage();
                assertTrue(response.contains("\nconnection: keep-alive\n"), response);
            }
            assertTrue(closed.sendHead("GET / HTTP/1.0").readMessage().endsWith("\nok"));
            assertTrue(closed.isAtEnd());
            assertTrue(upstream.next().startsWith("GET / HTTP/1.1\nhost: 127.0.0.1:"));
        }
    }

    @EachTransport
    void secondResponseToARequestIsNotTheNextOne(IoTransport transport) throws Exception {
        ScriptedUpstream.Script chatty = (wire, connection) -> {
            wire.readHead();
            // In one piece: what comes later could as well be the answer to a request that is under way by then.
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + connection
                    + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
            wire.readAll();
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(chatty);
                TestProxy proxy = TestProxy.start(transport, upstream.address())) {
            for (int i = 0; i < 10; i++) {
                try (HttpWire client = proxy.connect()) {
                    String response =
                            client.sendHead("GET / HTTP/1.1", "Host: a").readMessage();
                    assertTrue(response.endsWith("\n" + i), response);
                }
            }
        }
    }

    @EachTransport
    void unusedConnectionThatSaysSomethingIsClosedAtOnce(IoTransport transport) throws Exception {
        CountDownLatch unused = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        ScriptedUpstream.Script lateTalker = (wire, connection) -> {
            wire.readHead();
            wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 1").send(String.valueOf(connection));
            unused.await();
            wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 4").send("evil");
            if (wire.isAtEnd()) {
                closed.countDown();
            }
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(lateTalker);
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                HttpWire client = proxy.connect()) {
            client.sendHead("GET / HTTP/1.1", "Host: a").readMessage();
            unused.countDown();
            assertTrue(closed.await(20, TimeUnit.SECONDS), "the proxy did not notice");
            assertTrue(
                    client.sendHead("GET / HTTP/1.1", "Host: a").readMessage().endsWith("\n1"));
        }
    }

    private static void assertSent(HttpWire wire, String text) {
        try {
            wire.send(text);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }
}
