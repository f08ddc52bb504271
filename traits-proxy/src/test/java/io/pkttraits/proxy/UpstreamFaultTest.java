// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.proxy.net.IoTransport;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** An upstream that is dead, slow, or breaks off; and a client that does. */
@Timeout(120)
@Tag("slow")
class UpstreamFaultTest {
    @EachTransport
    void deadUpstreamIs502AndTheClientMayGoOn(IoTransport transport) throws Exception {
        InetSocketAddress nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort());
        }
        try (TestProxy proxy = TestProxy.start(transport, nobody);
                HttpWire client = proxy.connect()) {
            for (int i = 0; i < 2; i++) {
                String response = client.sendHead("GET / HTTP/1.1", "Host: a").readMessage();
                assertTrue(response.startsWith("HTTP/1.1 502"), response);
            }
        }
    }

    @EachTransport
    void upstreamThatDoesNotAcceptIs504(IoTransport transport) throws Exception {
        List<Socket> fillers = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address = new InetSocketAddress(full.getInetAddress(), full.getLocalPort());
            assertThrows(IOException.class, () -> {
                for (int i = 0; i < 50; i++) {
                    Socket filler = new Socket();
                    fillers.add(filler);
                    filler.connect(address, 1000);
                }
            });
            TestProxy.Builder builder = new TestProxy.Builder(transport, address);
            builder.connectTimeout = Duration.ofMillis(300);
            try (TestProxy proxy = builder.start();
                    HttpWire client = proxy.connect()) {
                String response = client.sendHead("GET / HTTP/1.1", "Host: a").readMessage();
                assertTrue(response.startsWith("HTTP/1.1 504"), response);
            }
        } finally {
            for (Socket filler : fillers) {
                filler.close();
            }
        }
    }

    @EachTransport
    void upstreamThatDoesNotAnswerIs504(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream((wire, connection) -> wire.readAll());
                TestProxy proxy = slowResponses(transport, upstream).start();
                HttpWire client = proxy.connect()) {
            String response = client.sendHead("GET / HTTP/1.1", "Host: a").readMessage();
            assertTrue(response.startsWith("HTTP/1.1 504"), response);
            response = client.sendHead("GET / HTTP/1.1", "Host: a").readMessage();
            assertTrue(response.startsWith("HTTP/1.1 504"), response);
            assertEquals(2, upstream.connections());
        }
    }

    @EachTransport
    void upstreamThatStopsInTheMidstOfAResponseIsCutOff(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream((wire, connection) -> {
                    wire.readHead();
                    wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 10").send("12345");
                    wire.readAll();
                });
                TestProxy proxy = slowResponses(transport, upstream).start();
                HttpWire client = proxy.connect()) {
            client.sendHead("GET / HTTP/1.1", "Host: a").readHead();
            assertEquals("12345", client.readAll());
        }
    }

    @EachTransport
    void truncationIsVisibleInEveryFraming(IoTransport transport) throws Exception {
        ScriptedUpstream.Script script = (wire, connection) -> {
            String path = wire.readHead().split(" ", 3)[1];
            wire.sendHead(
                    "HTTP/1.1 200 OK", path.equals("/chunked") ? "Transfer-Encoding: chunked" : "Content-Length: 10");
            wire.send(path.equals("/chunked") ? "5\r\n12345\r\n" : "12345");
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                TestProxy proxy = TestProxy.start(transport, upstream.address())) {
            try (HttpWire client = proxy.connect()) {
                String head = client.sendHead("GET /length HTTP/1.1", "Host: a").readHead();
                assertThrows(EOFException.class, () -> client.readBody(head));
            }
            try (HttpWire client = proxy.connect()) {
                String head =
                        client.sendHead("GET /chunked HTTP/1.1", "Host: a").readHead();
                assertThrows(EOFException.class, () -> client.readBody(head));
            }
            try (HttpWire client = proxy.connect()) {
                client.sendHead("GET /chunked HTTP/1.0").readHead();
                assertThrows(SocketException.class, client::readAll);
            }
        }
    }

    @EachTransport
    void malformedResponsesAre502(IoTransport transport) throws Exception {
        String[] responses = {
            "nonsense\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX: " + "a".repeat(5000) + "\r\n\r\n",
            "HTTP/1.1 200 O"
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream((wire, connection) -> {
                    wire.readHead();
                    wire.send(responses[connection]);
                });
                TestProxy proxy = TestProxy.start(transport, upstream.address())) {
            for (String response : responses) {
                try (HttpWire client = proxy.connect()) {
                    String got = client.sendHead("GET / HTTP/1.1", "Host: a").readMessage();
                    assertTrue(got.startsWith("HTTP/1.1 502"), response + ": " + got);
                }
            }
        }
    }

    @EachTransport
    void requestOnAStaleConnectionIsSentAgainIfItMayBe(IoTransport transport) throws Exception {
        // Every connection serves one request and closes without an answer when the next one arrives.
        ScriptedUpstream.Script oneEach = (wire, connection) -> {
            wire.readMessage();
            wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 1").send(String.valueOf(connection));
            wire.readHead();
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(oneEach);
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                HttpWire client = proxy.connect()) {
            for (int i = 0; i < 4; i++) {
                String response = client.sendHead("GET / HTTP/1.1", "Host: a").readMessage();
                assertTrue(response.endsWith("\n" + i), response);
            }
            client.sendHead("POST / HTTP/1.1", "Host: a", "Content-Length: 2").send("hi");
            assertTrue(client.readMessage().startsWith("HTTP/1.1 502"));
        }
    }

    @EachTransport
    void requestIsSentAgainOnceOnly(IoTransport transport) throws Exception {
        ScriptedUpstream.Script firstOnly = (wire, connection) -> {
            wire.readMessage();
            if (connection == 0) {
                wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 0");
                wire.readHead();
            }
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(firstOnly);
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                HttpWire client = proxy.connect()) {
            assertTrue(
                    client.sendHead("GET / HTTP/1.1", "Host: a").readMessage().startsWith("HTTP/1.1 200"));
            assertTrue(
                    client.sendHead("GET / HTTP/1.1", "Host: a").readMessage().startsWith("HTTP/1.1 502"));
            assertEquals(2, upstream.connections());
        }
    }

    @EachTransport
    void upstreamConnectionOfAClientThatWentAwayIsClosed(IoTransport transport) throws Exception {
        CountDownLatch closed = new CountDownLatch(2);
        CountDownLatch arrived = new CountDownLatch(1);
        try (ScriptedUpstream upstream = new ScriptedUpstream((wire, connection) -> {
                    wire.readHead();
                    arrived.countDown();
                    if (connection == 1) {
                        wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 10").send("12345");
                    }
                    if (connection == 2) {
                        wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 3").send("new");
                    }
                    if (wire.isAtEnd()) {
                        closed.countDown();
                    }
                });
                TestProxy proxy = TestProxy.start(transport, upstream.address())) {
            try (HttpWire client = proxy.connect()) {
                client.sendHead("POST / HTTP/1.1", "Host: a", "Content-Length: 10");
                arrived.await();
            }
            try (HttpWire client = proxy.connect()) {
                client.sendHead("GET / HTTP/1.1", "Host: a").readHead();
                assertEquals("12345", client.read(5));
            }
            closed.await();
            try (HttpWire client = proxy.connect()) {
                assertTrue(client.sendHead("GET / HTTP/1.1", "Host: a")
                        .readMessage()
                        .endsWith("\nnew"));
            }
        }
    }

    @EachTransport
    void clientThatSendsNothingMoreIs408(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream((wire, connection) -> wire.readAll())) {
            TestProxy.Builder builder = new TestProxy.Builder(transport, upstream.address());
            builder.idleTimeout = Duration.ofSeconds(1);
            try (TestProxy proxy = builder.start();
                    HttpWire slow = proxy.connect();
                    HttpWire unused = proxy.connect();
                    HttpWire half = proxy.connect()) {
                half.send("GET / HT");
                slow.sendHead("POST / HTTP/1.1", "Host: a", "Content-Length: 10");
                assertTrue(slow.readMessage().startsWith("HTTP/1.1 408"));
                assertTrue(slow.isAtEnd());
                assertTrue(unused.isAtEnd());
                assertTrue(half.isAtEnd());
            }
        }
    }

    @EachTransport
    void moreRequestsAtOnceThanConnectionsWaitOrAre503(IoTransport transport) throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        try (ScriptedUpstream upstream = new ScriptedUpstream((wire, connection) -> {
            while (true) {
                wire.readHead();
                answer.await();
                wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 0");
            }
        })) {
            TestProxy.Builder builder = new TestProxy.Builder(transport, upstream.address());
            builder.maxConnections = 1;
            builder.connectTimeout = Duration.ofSeconds(2);
            try (TestProxy proxy = builder.start();
                    HttpWire first = proxy.connect();
                    HttpWire second = proxy.connect()) {
                first.sendHead("GET /1 HTTP/1.1", "Host: a");
                while (upstream.connections() < 1) {
                    Thread.onSpinWait();
                }
                String busy = second.sendHead("GET /2 HTTP/1.1", "Host: a").readMessage();
                assertTrue(busy.startsWith("HTTP/1.1 503") && busy.contains("retry-after"), busy);
                answer.countDown();
                assertTrue(first.readMessage().startsWith("HTTP/1.1 200"));
                assertTrue(second.sendHead("GET /3 HTTP/1.1", "Host: a")
                        .readMessage()
                        .startsWith("HTTP/1.1 200"));
                assertEquals(1, upstream.connections());
            }
        }
    }

    private static TestProxy.Builder slowResponses(IoTransport transport, ScriptedUpstream upstream) {
        TestProxy.Builder builder = new TestProxy.Builder(transport, upstream.address());
        builder.responseTimeout = Duration.ofSeconds(2);
        return builder;
    }
}
