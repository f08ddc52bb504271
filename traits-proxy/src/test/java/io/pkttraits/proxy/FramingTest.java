// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.proxy.net.IoTransport;

/** Where a message ends, for every way in which HTTP/1.1 can say it. */
class FramingTest {
    @EachTransport
    void responsesWithoutContentKeepTheirLengthAndTheConnection(IoTransport transport) throws Exception {
        ScriptedUpstream.Script script = (wire, connection) -> {
            wire.readHead();
            wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 1234");
            wire.readHead();
            wire.sendHead("HTTP/1.1 204 No Content");
            wire.readHead();
            wire.sendHead("HTTP/1.1 304 Not Modified", "Content-Length: 99", "ETag: x");
            wire.readHead();
            wire.sendHead("HTTP/1.1 200 OK", "Transfer-Encoding: chunked");
            wire.readHead();
            wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 4").send("last");
            wire.readAll();
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                HttpWire client = proxy.connect()) {
            assertTrue(client.sendHead("HEAD / HTTP/1.1", "Host: a").readHead().contains("\ncontent-length: 1234\n"));
            String noContent = client.sendHead("GET / HTTP/1.1", "Host: a").readHead();
            assertTrue(noContent.startsWith("HTTP/1.1 204"), noContent);
            assertFalse(noContent.contains("content-length") || noContent.contains("transfer-encoding"), noContent);
            String notModified = client.sendHead("GET / HTTP/1.1", "Host: a").readHead();
            assertTrue(notModified.startsWith("HTTP/1.1 304") && notModified.contains("etag: x"), notModified);
            assertTrue(client.sendHead("HEAD / HTTP/1.1", "Host: a").readHead().startsWith("HTTP/1.1 200"));
            assertTrue(
                    client.sendHead("GET / HTTP/1.1", "Host: a").readMessage().endsWith("\nlast"));
            assertEquals(1, upstream.connections());
        }
    }

    @EachTransport
    void chunksAndTrailersPassInBothDirections(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.answering(
                        "HTTP/1.1 200 OK",
                        "Transfer-Encoding: chunked",
                        "Trailer: X-Sum",
                        "",
                        "3",
                        "abc",
                        "5;ext=1",
                        "defgh",
                        "0",
                        "X-Sum: 8",
                        "Content-Length: 3",
                        "",
                        "");
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                HttpWire client = proxy.connect()) {
            for (int i = 0; i < 2; i++) {
                client.sendHead("POST / HTTP/1.1", "Host: a", "Transfer-Encoding: chunked");
                client.send("2\r\nhi\r\n")
                        .send("6\r\n there\r\n0\r\nX-Check: 42\r\nHost: evil\r\nRange: bytes=0-1\r\n\r\n");
                String response = client.readMessage();
                assertTrue(response.endsWith("abcdefgh\nx-sum: 8"), response);
                String request = upstream.next();
                assertTrue(request.endsWith("hi there\nx-check: 42"), request);
            }
            assertEquals(1, upstream.connections());
        }
    }

    @EachTransport
    void manyTinyChunksPass(IoTransport transport) throws Exception {
        int chunks = 5_000;
        try (ScriptedUpstream upstream = ScriptedUpstream.answering("HTTP/1.1 200 OK", "Content-Length: 0", "", "");
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                HttpWire client = proxy.connect()) {
            client.sendHead("POST / HTTP/1.1", "Host: a", "Transfer-Encoding: chunked");
            client.send("1\r\nx\r\n".repeat(chunks) + "0\r\n\r\n");
            assertTrue(client.readMessage().startsWith("HTTP/1.1 200"));
            assertTrue(upstream.next().endsWith("x".repeat(chunks)));
        }
    }

    @EachTransport
    void responseThatEndsWithItsConnectionBecomesChunked(IoTransport transport) throws Exception {
        ScriptedUpstream.Script script = (wire, connection) -> {
            wire.readHead();
            wire.sendHead("HTTP/1.0 200 OK").send("until the end");
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                HttpWire client = proxy.connect()) {
            for (int i = 0; i < 2; i++) {
                String response = client.sendHead("GET / HTTP/1.1", "Host: a").readMessage();
                assertTrue(response.contains("via: 1.0 traits-proxy"), response);
                assertTrue(response.endsWith("\nuntil the end"), response);
            }
            assertEquals(2, upstream.connections());
        }
    }

    @EachTransport
    void http10ClientGetsAChunkedResponseUntilTheEnd(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.answering(
                        "HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "", "3", "abc", "0", "", "");
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                HttpWire client = proxy.connect()) {
            String head =
                    client.sendHead("GET / HTTP/1.0", "Connection: keep-alive").readHead();
            assertFalse(head.contains("transfer-encoding"), head);
            assertTrue(head.contains("\nconnection: close\n"), head);
            assertEquals("abc", client.readAll());
        }
    }

    @EachTransport
    void continueComesFromTheUpstream(IoTransport transport) throws Exception {
        ScriptedUpstream.Script script = (wire, connection) -> {
            String head = wire.readHead();
            wire.sendHead("HTTP/1.1 103 Early Hints", "Link: </a>; rel=preload");
            wire.sendHead("HTTP/1.1 100 Continue");
            String body = wire.readBody(head);
            wire.sendHead("HTTP/1.1 200 OK", "Content-Length: " + body.length()).send(body);
            wire.readAll();
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                HttpWire client = proxy.connect()) {
            client.sendHead("PUT / HTTP/1.1", "Host: a", "Expect: 100-continue", "Content-Length: 5");
            assertEquals("HTTP/1.1 103 Early Hints\nlink: </a>; rel=preload\n", client.readHead());
            assertEquals("HTTP/1.1 100 Continue\n", client.readHead());
            client.send("hello");
            assertTrue(client.readMessage().endsWith("\nhello"));
        }
    }

    @EachTransport
    void refusalInsteadOfContinueEndsTheConnection(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream((wire, connection) -> {
                    wire.readHead();
                    wire.sendHead("HTTP/1.1 417 Expectation Failed", "Content-Length: 2")
                            .send("no");
                    wire.readAll();
                });
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                HttpWire client = proxy.connect()) {
            client.sendHead("PUT / HTTP/1.1", "Host: a", "Expect: 100-continue", "Content-Length: 5");
            String response = client.readMessage();
            assertTrue(response.startsWith("HTTP/1.1 417") && response.endsWith("\nno"), response);
            assertTrue(response.contains("\nconnection: close\n"), response);
            assertTrue(client.isAtEnd());
        }
    }

    @EachTransport
    void earlyResponseArrivesThoughTheClientIsStillSending(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream((wire, connection) -> {
                    wire.readHead();
                    // Closes with request content unread, so with a reset behind the response.
                    wire.sendHead("HTTP/1.1 413 Content Too Large", "Content-Length: 2", "Connection: close")
                            .send("no");
                });
                TestProxy proxy = TestProxy.start(transport, upstream.address())) {
            for (int i = 0; i < 100; i++) {
                try (HttpWire client = proxy.connect()) {
                    client.sendHead("PUT / HTTP/1.1", "Host: a", "Content-Length: 5000000");
                    client.send("x".repeat(i * 10_000));
                    String response = client.readMessage();
                    assertTrue(response.startsWith("HTTP/1.1 413") && response.endsWith("\nno"), response);
                    assertTrue(client.isAtEnd());
                }
            }
        }
    }

    @EachTransport
    void contentFlowsBothWaysAtOnce(IoTransport transport) throws Exception {
        ScriptedUpstream.Script echo = (wire, connection) -> {
            wire.readHead();
            wire.sendHead("HTTP/1.1 200 OK", "Transfer-Encoding: chunked");
            for (int i = 0; i < 10; i++) {
                wire.readLine();
                String chunk = wire.readLine();
                wire.send("1\r\n" + chunk + "\r\n");
            }
            wire.readLine();
            wire.readLine();
            wire.send("0\r\n\r\n");
            wire.readAll();
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(echo);
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                HttpWire client = proxy.connect()) {
            client.sendHead("POST / HTTP/1.1", "Host: a", "Transfer-Encoding: chunked");
            client.readHead();
            for (int i = 0; i < 10; i++) {
                client.send("1\r\n" + i + "\r\n");
                assertEquals("1", client.readLine());
                assertEquals(String.valueOf(i), client.readLine());
            }
            client.send("0\r\n\r\n");
            assertEquals("0", client.readLine());
        }
    }
}
