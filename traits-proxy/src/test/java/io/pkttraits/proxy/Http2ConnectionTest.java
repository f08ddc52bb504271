// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http2.Http2Error;
import io.pkttraits.proxy.net.IoTransport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Timeout;

/** What concerns all streams of a connection: how it begins and ends, and what a client can do to it. */
@Timeout(60)
class Http2ConnectionTest {
    /** Streams of a connection that the proxy serves at a time. */
    private static final int CONCURRENT_STREAMS = 100;

    private static final String[] OK = {"HTTP/1.1 200 OK", "Content-Length: 2", "", "ok"};

    @EachTransport
    void prefaceMayComeInPieces(IoTransport transport) throws Exception {
        byte[] hello = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);
        try (ScriptedUpstream upstream = ScriptedUpstream.answering(OK);
                TestProxy proxy = TestProxy.start(transport, upstream.address())) {
            try (HttpWire client = proxy.connect()) {
                for (byte b : hello) {
                    client.socket().getOutputStream().write(b);
                    Thread.sleep(1);
                }
                assertEquals(4, client.read(9).charAt(3), "SETTINGS");
            }
            for (String method : new String[] {"P", "PR", "PRI", "PRIX", "PROPFIND"}) {
                try (HttpWire client = proxy.connect()) {
                    client.send(method);
                    Thread.sleep(20);
                    String response = client.sendHead(" / HTTP/1.1", "Host: a").readMessage();
                    assertTrue(response.startsWith("HTTP/1.1 200 OK\n"), response);
                }
            }
        }
    }

    @EachTransport
    void tlsIsRefusedWhereThereIsNone(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.answering(OK);
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                HttpWire client = proxy.connect()) {
            client.send("\u0016\3\1\0\5hello\r\n\r\n");
            assertTrue(client.readMessage().startsWith("HTTP/1.1 400 "));
            assertTrue(client.isAtEnd());
        }
    }

    /** Most of the requests wait for a connection, and are to do so until the test is through. */
    private static TestProxy.Builder patient(IoTransport transport, ScriptedUpstream upstream) {
        TestProxy.Builder builder = new TestProxy.Builder(transport, upstream.address());
        builder.connectTimeout = Duration.ofMinutes(1);
        return builder;
    }

    @EachTransport
    void streamsAreBoundedForAClientThatAcknowledgesNoSettings(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream((wire, connection) -> wire.readAll());
                TestProxy proxy = patient(transport, upstream).start();
                Http2Wire client = proxy.connectHttp2()) {
            client.acknowledging = false;
            for (int i = 0; i < CONCURRENT_STREAMS; i++) {
                client.request("POST", "/", false);
            }
            int more = client.get("/");
            assertEquals("RST_STREAM " + more + " REFUSED_STREAM", client.next());
        }
    }

    @EachTransport
    void clientThatOpensAndResetsIsSentAway(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream((wire, connection) -> wire.readAll());
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                Http2Wire client = proxy.connectHttp2()) {
            for (int i = 0; i < 201; i++) {
                client.reset(client.get("/"), Http2Error.CANCEL);
            }
            String frame = client.next();
            assertTrue(frame.startsWith("GOAWAY ") && frame.endsWith(" ENHANCE_YOUR_CALM"), frame);
            assertEquals("CLOSED", client.next());
        }
    }

    @EachTransport
    void brokenFramesEndTheConnection(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.answering(OK);
                TestProxy proxy = TestProxy.start(transport, upstream.address())) {
            assertEnds(proxy, "PROTOCOL_ERROR", 0, 0, 0, "DATA on stream 0");
            assertEnds(proxy, "PROTOCOL_ERROR", 0, 0, 1, "DATA on a stream that is not open");
            assertEnds(proxy, "PROTOCOL_ERROR", 1, 5, 2, "\u0082\u0086\u0084");
            assertEnds(proxy, "COMPRESSION_ERROR", 1, 5, 1, "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff");
            assertEnds(proxy, "PROTOCOL_ERROR", 2, 0, 0, "\0\0\0\0\0");
            assertEnds(proxy, "FRAME_SIZE_ERROR", 4, 0, 0, "x");
            assertEnds(proxy, "PROTOCOL_ERROR", 8, 0, 0, "\0\0\0\0");
            assertEnds(proxy, "PROTOCOL_ERROR", 9, 4, 1, "CONTINUATION of nothing");
        }
    }

    /** Without its payload, since what the proxy leaves unread when it closes has the kernel reset the connection. */
    @EachTransport
    void tooLargeFrameEndsTheConnectionBeforeItIsThere(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.answering(OK);
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                Http2Wire client = proxy.connectHttp2()) {
            client.frameHead(16_385, 0, 0, 1);
            assertEnds(client, "FRAME_SIZE_ERROR", "DATA of 16,385 bytes");
        }
    }

    @EachTransport
    void unusedConnectionIsClosedInTime(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.answering(OK)) {
            TestProxy.Builder builder = new TestProxy.Builder(transport, upstream.address());
            builder.idleTimeout = Duration.ofSeconds(1);
            try (TestProxy proxy = builder.start();
                    Http2Wire client = proxy.connectHttp2()) {
                client.response(client.get("/"));
                assertEquals("GOAWAY 1 NO_ERROR", client.next());
                assertEquals("CLOSED", client.next());
            }
        }
    }

    /** It has its whole window of 64 KiB used up, which is what a connection has by default as well. */
    @EachTransport
    void streamThatDoesNotGoOnBlocksNoOther(IoTransport transport) throws Exception {
        CountDownLatch arrived = new CountDownLatch(3);
        ScriptedUpstream.Script script = (wire, connection) -> {
            String head = wire.readHead();
            if (head.startsWith("POST /stalled")) {
                wire.socket().setReceiveBufferSize(4096);
                arrived.countDown();
                Thread.sleep(Long.MAX_VALUE);
            }
            String body = wire.readBody(head);
            wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 0", "X-Length: " + body.length());
            wire.readAll();
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                Http2Wire client = proxy.connectHttp2()) {
            for (int i = 0; i < 3; i++) {
                int stalled = client.request("POST", "/stalled", false);
                for (int sent = 0; sent < 65_000; sent += 13_000) {
                    client.data(stalled, "x".repeat(13_000), false);
                }
            }
            arrived.await();
            int stream = client.request("POST", "/", false, "content-length", "60000");
            for (int sent = 0; sent < 60_000; sent += 15_000) {
                client.data(stream, "x".repeat(15_000), sent == 45_000);
            }
            String response = client.response(stream);
            assertTrue(response.contains(" x-length=60000"), response);
        }
    }

    @EachTransport
    void endOfTheProxyLosesNoRequest(IoTransport transport) throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        try (ScriptedUpstream upstream = new ScriptedUpstream((wire, connection) -> {
                    while (true) {
                        if (wire.readHead().startsWith("GET /slow")) {
                            arrived.countDown();
                            answer.await();
                        }
                        wire.sendHead(OK[0], OK[1]).send(OK[3]);
                    }
                });
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                Http2Wire client = proxy.connectHttp2();
                Http2Wire unused = proxy.connectHttp2()) {
            unused.response(unused.get("/"));
            int slow = client.get("/slow");
            arrived.await();
            client.acknowledging = false;
            CompletableFuture<Boolean> drained =
                    CompletableFuture.supplyAsync(() -> proxy.shutDown(Duration.ofSeconds(20)));
            String soon = "GOAWAY " + Integer.MAX_VALUE + " NO_ERROR";
            assertEquals(soon, client.next());
            int late = client.get("/late");
            assertTrue(client.response(late).endsWith(" ok END"));
            assertEquals("GOAWAY " + late + " NO_ERROR", client.next());
            int tooLate = client.get("/too-late");
            assertEquals("RST_STREAM " + tooLate + " REFUSED_STREAM", client.next());
            answer.countDown();
            String response = client.response(slow);
            assertTrue(response.endsWith(" ok END"), response);
            assertEquals("CLOSED", client.next());
            assertEquals(soon, unused.next());
            assertEquals("GOAWAY 1 NO_ERROR", unused.next());
            assertEquals("CLOSED", unused.next());
            assertTrue(drained.get());
        }
    }

    @EachTransport
    void graceEndsRequestsThatDoNot(IoTransport transport) throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        try (ScriptedUpstream upstream = new ScriptedUpstream((wire, connection) -> {
                    wire.readHead();
                    arrived.countDown();
                    wire.readAll();
                });
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                Http2Wire client = proxy.connectHttp2()) {
            client.get("/");
            arrived.await();
            assertTrue(!proxy.shutDown(Duration.ofMillis(100)));
            String frame = client.next();
            while (!frame.equals("CLOSED")) {
                frame = client.next();
            }
        }
    }

    private static void assertEnds(TestProxy proxy, String error, int type, int flags, int stream, String payload)
            throws Exception {
        try (Http2Wire client = proxy.connectHttp2()) {
            client.frame(type, flags, stream, payload.getBytes(StandardCharsets.ISO_8859_1));
            assertEnds(client, error, payload);
        }
    }

    private static void assertEnds(Http2Wire client, String error, String what) throws Exception {
        String frame = client.next();
        assertTrue(frame.startsWith("GOAWAY ") && frame.endsWith(" " + error), what + ": " + frame);
        assertEquals("CLOSED", client.next(), what);
    }
}
