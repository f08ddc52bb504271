// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.proxy.net.IoTransport;
import java.util.List;

/** Which header fields pass, and which the proxy adds. */
class HeadersTest {
    @EachTransport
    void fieldsOfOneConnectionStayThere(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.answering(
                        "HTTP/1.1 200 OK",
                        "Connection: X-Down, keep-alive",
                        "Keep-Alive: timeout=5",
                        "Proxy-Authenticate: Basic",
                        "Upgrade: h2c",
                        "X-Down: 1",
                        "X-End: 2",
                        "Content-Length: 0",
                        "",
                        "");
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                HttpWire client = proxy.connect()) {
            client.sendHead(
                    "GET / HTTP/1.1",
                    "Host: a",
                    "Connection: X-Up , Upgrade,Host, content-length",
                    "X-Up: 1",
                    "X-End: 2",
                    "TE: trailers",
                    "Upgrade: websocket",
                    "Keep-Alive: 1",
                    "Proxy-Connection: keep-alive",
                    "Proxy-Authorization: secret",
                    "Content-Length: 0");
            String response = client.readMessage();
            String request = upstream.next();
            for (String name : List.of("connection", "keep-alive", "upgrade", "te", "x-up", "x-down")) {
                assertFalse(request.contains("\n" + name + ":"), request);
                assertFalse(response.contains("\n" + name + ":"), response);
            }
            assertFalse(request.contains("proxy-"), request);
            assertFalse(response.contains("proxy-"), response);
            assertTrue(request.contains("\nx-end: 2\n") && response.contains("\nx-end: 2\n"));
            assertTrue(request.contains("\nhost: a\n") && request.contains("\ncontent-length: 0\n"), request);
        }
    }

    @EachTransport
    void viaAndForwardedForAreAppended(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.answering("HTTP/1.1 200 OK", "Via: 1.1 inner", "Content-Length: 0", "", "");
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                HttpWire client = proxy.connect()) {
            client.sendHead(
                    "GET / HTTP/1.1",
                    "Host: a",
                    "Via: 1.0 outer",
                    "X-Forwarded-For: 192.0.2.1",
                    "X-Forwarded-For: 192.0.2.2");
            assertTrue(client.readMessage().contains("\nvia: 1.1 inner, 1.1 traits-proxy\n"));
            String request = upstream.next();
            assertTrue(request.contains("\nvia: 1.0 outer, 1.1 traits-proxy\n"), request);
            assertTrue(request.contains("\nx-forwarded-for: 192.0.2.1, 192.0.2.2, 127.0.0.1\n"), request);
        }
    }

    @EachTransport
    void absoluteFormStandsAboveTheHostField(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.answering("HTTP/1.1 200 OK", "Content-Length: 0", "", "");
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                HttpWire client = proxy.connect()) {
            client.sendHead("GET http://b.example:81?q HTTP/1.1", "Host: a").readMessage();
            assertTrue(upstream.next().startsWith("GET /?q HTTP/1.1\nhost: b.example:81\n"));
            client.sendHead("OPTIONS * HTTP/1.1", "Host: a").readMessage();
            assertTrue(upstream.next().startsWith("OPTIONS * HTTP/1.1\n"));
            assertEquals(1, upstream.connections());
        }
    }
}
