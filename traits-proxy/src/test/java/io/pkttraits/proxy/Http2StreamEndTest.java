// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http2.Http2Error;
import io.pkttraits.proxy.net.IoTransport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Timeout;

/** How a stream ends otherwise than by its whole response, which the other streams of the connection do not mind. */
@Timeout(60)
class Http2StreamEndTest {
    private static final String[] OK = {"HTTP/1.1 200 OK", "Content-Length: 2", "", "ok"};

    @EachTransport
    void resetEndsTheUpstreamsExchangeAlone(IoTransport transport) throws Exception {
        CountDownLatch closed = new CountDownLatch(3);
        CountDownLatch arrived = new CountDownLatch(3);
        ScriptedUpstream.Script script = (wire, connection) -> {
            String path = wire.readHead().split(" ", 3)[1];
            if (path.equals("/good")) {
                wire.sendHead(OK[0], OK[1]).send(OK[3]);
                wire.readAll();
                return;
            }
            if (path.equals("/begun")) {
                wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 10").send("12345");
            }
            arrived.countDown();
            wire.readAll();
            closed.countDown();
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                Http2Wire client = proxy.connectHttp2()) {
            int silent = client.get("/silent");
            int sending = client.request("POST", "/sending", false);
            client.data(sending, "x", false);
            int begun = client.get("/begun");
            arrived.await();
            while (!client.next().equals("DATA " + begun + " 12345")) {
                // The head.
            }
            for (int stream : new int[] {silent, sending, begun}) {
                client.reset(stream, Http2Error.CANCEL);
            }
            closed.await();
            assertTrue(client.response(client.get("/good")).endsWith(" ok END"));
        }
    }

    @EachTransport
    void closeOfTheConnectionEndsItsExchanges(IoTransport transport) throws Exception {
        int streams = 4;
        CountDownLatch arrived = new CountDownLatch(streams);
        CountDownLatch closed = new CountDownLatch(streams);
        CountDownLatch read = new CountDownLatch(1);
        ScriptedUpstream.Script script = (wire, connection) -> {
            wire.readHead();
            arrived.countDown();
            read.await();
            try {
                wire.readAll();
            } finally {
                closed.countDown();
            }
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                TestProxy proxy = TestProxy.start(transport, upstream.address())) {
            try (Http2Wire client = proxy.connectHttp2()) {
                for (int i = 0; i < streams; i++) {
                    int stream = client.request("POST", "/", false);
                    for (int sent = 0; sent < 4; sent++) {
                        client.data(stream, "x".repeat(15_000), false);
                    }
                }
                arrived.await();
            }
            read.countDown();
            closed.await();
        }
    }

    @EachTransport
    void earlyResponseStopsTheRequestWithoutError(IoTransport transport) throws Exception {
        ScriptedUpstream.Script script = (wire, connection) -> {
            String head = wire.readHead();
            if (head.startsWith("GET")) {
                wire.sendHead(OK[0], OK[1], "Connection: close").send(OK[3]);
            } else {
                wire.sendHead("HTTP/1.1 413 Content Too Large", "Content-Length: 2", "Connection: close")
                        .send("no");
            }
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                Http2Wire client = proxy.connectHttp2()) {
            for (int i = 0; i < 20; i++) {
                int stream = client.request("PUT", "/", false, "content-length", "5000000");
                client.data(stream, "x".repeat(16_000), false);
                String response = client.response(stream);
                assertTrue(response.startsWith("HEADERS " + stream + " :status=413 "), response);
                assertTrue(response.endsWith(" no END"), response);
                assertEquals("RST_STREAM " + stream + " NO_ERROR", client.next());
                client.data(stream, "x", true);
                int other = client.get("/");
                // What was on its way when the stream ended is answered with a reset, frame by frame.
                do {
                    response = client.next();
                } while (response.equals("RST_STREAM " + stream + " STREAM_CLOSED"));
                assertTrue(response.startsWith("HEADERS " + other + " :status=200 "), response);
                assertEquals("DATA " + other + " ok END", client.next());
            }
        }
    }

    @EachTransport
    void brokenOffResponseResetsItsStreamAlone(IoTransport transport) throws Exception {
        ScriptedUpstream.Script script = (wire, connection) -> {
            String path = wire.readHead().split(" ", 3)[1];
            wire.sendHead(
                    "HTTP/1.1 200 OK", path.equals("/chunked") ? "Transfer-Encoding: chunked" : "Content-Length: 10");
            wire.send(path.equals("/chunked") ? "5\r\n12345\r\n" : path.equals("/good") ? "1234567890" : "12345");
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                Http2Wire client = proxy.connectHttp2()) {
            for (String path : new String[] {"/length", "/chunked"}) {
                int stream = client.get(path);
                String response = client.response(stream);
                assertTrue(response.endsWith(" RST_STREAM " + stream + " INTERNAL_ERROR"), response);
            }
            assertTrue(client.response(client.get("/good")).endsWith(" 1234567890 END"));
        }
    }

    @EachTransport
    void deadUpstreamIs502(IoTransport transport) throws Exception {
        InetSocketAddress nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort());
        }
        try (TestProxy proxy = TestProxy.start(transport, nobody);
                Http2Wire client = proxy.connectHttp2()) {
            String response = client.response(client.get("/"));
            assertTrue(response.startsWith("HEADERS 1 :status=502 "), response);
            assertTrue(response.endsWith(" DATA 1 502 Bad Gateway\n END"), response);
            response = client.response(client.request("HEAD", "/", true));
            assertTrue(response.startsWith("HEADERS 3 :status=502 ") && response.endsWith(" END"), response);
            assertFalse(response.contains("DATA"), response);
        }
    }

    @EachTransport
    void silentUpstreamIs504AndOneThatStopsIsCutOff(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream((wire, connection) -> {
            if (wire.readHead().startsWith("GET /stops")) {
                wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 10").send("12345");
            }
            wire.readAll();
        })) {
            TestProxy.Builder builder = new TestProxy.Builder(transport, upstream.address());
            builder.responseTimeout = Duration.ofSeconds(2);
            try (TestProxy proxy = builder.start();
                    Http2Wire client = proxy.connectHttp2()) {
                String response = client.response(client.get("/silent"));
                assertTrue(response.startsWith("HEADERS 1 :status=504 "), response);
                response = client.response(client.get("/stops"));
                assertTrue(response.endsWith(" DATA 3 12345 RST_STREAM 3 INTERNAL_ERROR"), response);
            }
        }
    }

    @EachTransport
    void clientThatSendsNothingMoreIs408(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream((wire, connection) -> wire.readAll())) {
            TestProxy.Builder builder = new TestProxy.Builder(transport, upstream.address());
            builder.idleTimeout = Duration.ofSeconds(1);
            try (TestProxy proxy = builder.start();
                    Http2Wire client = proxy.connectHttp2()) {
                String response = client.response(client.request("POST", "/", false));
                assertTrue(response.startsWith("HEADERS 1 :status=408 "), response);
                assertEquals("RST_STREAM 1 NO_ERROR", client.next());
            }
        }
    }

    @EachTransport
    void clientThatTakesNothingIsCutOff(IoTransport transport) throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (ScriptedUpstream upstream = new ScriptedUpstream((wire, connection) -> {
            wire.readHead();
            wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 100000000");
            try {
                wire.send("x".repeat(100_000_000));
            } finally {
                closed.countDown();
            }
        })) {
            TestProxy.Builder builder = new TestProxy.Builder(transport, upstream.address());
            builder.idleTimeout = Duration.ofSeconds(1);
            try (TestProxy proxy = builder.start();
                    Http2Wire client = proxy.connectHttp2()) {
                client.granting = false;
                String response = client.response(client.get("/"));
                assertTrue(response.endsWith(" RST_STREAM 1 CANCEL"), response);
                assertEquals(65_535, client.contentBytes());
                closed.await();
            }
        }
    }
}
