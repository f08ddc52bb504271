// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.pkttraits.Traits;
import io.pkttraits.proxy.hop.HopCounter;
import io.pkttraits.proxy.hop.HopSend;
import io.pkttraits.proxy.hop.TestHops;
import io.pkttraits.proxy.http3.Http3TraitsClient;
import io.pkttraits.proxy.net.IoTransport;
import io.pkttraits.proxy.net.ServerTls;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** Nobody who is not believed gets a field Packet-Traits past the proxy, by any version of HTTP, however it is written. */
@Timeout(120)
class FieldSpoofingTest {
    private static final String OK = "HTTP/1.1 200";

    private static final List<String> SPELLINGS = List.of(
            "Packet-Traits: k4=:AAAwOQ==:",
            "packet-traits: k4=:AAAwOQ==:",
            "PACKET-TRAITS: k4=:AAAwOQ==:",
            "Packet_Traits: k4=:AAAwOQ==:",
            "packet.traits: k4=:AAAwOQ==:",
            "Packet-Traits:k4",
            "Packet-Traits: k4\r\nX: 1\r\npacket-traits: k5\r\nPACKET_TRAITS: k6",
            // The line is folded, which makes it one with the next.
            "Packet-Traits: k4,\r\n k5",
            "X: 1\r\n Packet-Traits: k4",
            "Connection: Packet-Traits\r\nPacket-Traits: k4",
            "Connection: x-forwarded-for, packet-traits\r\nPacket-Traits: k4",
            "Packet-Traits: k4\r\nContent-Length: 0",
            "Packet-Traits: nonsense");

    /** These are refused whole. */
    private static final List<String> MALFORMED = List.of(
            "Packet-Traits : k4",
            "Packet-Traits\t: k4",
            " Packet-Traits: k4",
            "Packet-Traits: k4\0",
            "Packet-Traits: k4\rX: 1",
            "Packet-Traits",
            "Packet Traits: k4",
            "Packet-Traits: k4\r\nContent-Length: 5\r\nTransfer-Encoding: chunked",
            "Content-Length: 5\r\nPacket-Traits: k4\r\nContent-Length: 6");

    private final TestHops hops = new TestHops();

    @EachTransport
    void everySpellingIsRemovedFromHttp1(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ok();
                TestProxy proxy = TestProxy.start(transport, upstream.address(), hops.config())) {
            for (String field : SPELLINGS) {
                try (HttpWire client = proxy.connect()) {
                    client.send("GET / HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n");
                    assertTrue(client.readMessage().startsWith(OK), field);
                    assertNoField(upstream.next(), field);
                }
            }
        }
    }

    @EachTransport
    void malformedSpellingIsRefusedByHttp1(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ok();
                TestProxy proxy = TestProxy.start(transport, upstream.address(), hops.config())) {
            for (String field : MALFORMED) {
                try (HttpWire client = proxy.connect()) {
                    client.send("GET / HTTP/1.1\r\n" + field
                            + "\r\nHost: a\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
                    assertTrue(client.readMessage().startsWith("HTTP/1.1 400"), field);
                    assertTrue(client.isAtEnd(), field);
                }
            }
            assertEquals(0, upstream.connections());
        }
    }

    @EachTransport
    void fieldIsRemovedFromTrailersOfHttp1(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ok();
                TestProxy proxy = TestProxy.start(transport, upstream.address(), hops.config());
                HttpWire client = proxy.connect()) {
            client.sendHead("POST / HTTP/1.1", "Host: a", "Transfer-Encoding: chunked", "Trailer: Packet-Traits")
                    .send("2\r\nhi\r\n0\r\nX-Sum: 1\r\nPacket-Traits: k4\r\nPACKET_TRAITS: k5\r\n\r\n");
            assertTrue(client.readMessage().startsWith(OK));
            String request = upstream.next();
            assertTrue(request.endsWith("hi\nx-sum: 1"), request);
            assertNoField(request.replace("trailer: packet-traits", "").replace("trailer: Packet-Traits", ""), request);
        }
    }

    @EachTransport
    void fieldIsRemovedFromHttp2(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ok();
                TestProxy proxy = TestProxy.start(transport, upstream.address(), hops.config());
                Http2Wire client = proxy.connectHttp2()) {
            for (String name : List.of("packet-traits", "packet_traits", "packet.traits")) {
                int stream = client.request("GET", "/", true, name, "k4", "x", "1", name, "k5");
                assertTrue(client.response(stream).contains(":status=200"), name);
                assertNoField(upstream.next(), name);
            }
            int stream = client.request("POST", "/", false, "packet-traits", "k4");
            client.data(stream, "hi", false);
            client.headers(stream, true, "x-sum", "1", "packet-traits", "k4", "packet_traits", "k4");
            assertTrue(client.response(stream).contains(":status=200"));
            String request = upstream.next();
            assertTrue(request.endsWith("hi\nx-sum: 1"), request);
            assertNoField(request, request);
            stream = client.request("GET", "/", true, "Packet-Traits", "k4");
            assertTrue(client.response(stream).startsWith("RST_STREAM"));
            assertTrue(upstream.sawNothing());
        }
    }

    @EachTransport
    void fieldIsRemovedFromHttp3(IoTransport transport) throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.ioHandlers());
        try (ScriptedUpstream upstream = ok()) {
            TestProxy.Builder builder = new TestProxy.Builder(transport, upstream.address(), hops.config());
            builder.tlsH3 = ServerTls.selfSigned().quic();
            try (TestProxy proxy = builder.start();
                    Http3TraitsClient client = new Http3TraitsClient(group, transport, proxy.addressH3())) {
                var connection = client.connect(Traits.EMPTY);
                for (String name : List.of("packet-traits", "packet_traits", "packet.traits")) {
                    Http3Headers head = Http3TraitsClient.head("POST", "/")
                            .add(name, "k4")
                            .add("x", "1")
                            .add(name, "k5");
                    String response = Http3TraitsClient.exchange(connection, stream -> send(stream, head, name))
                            .get(20, TimeUnit.SECONDS);
                    assertEquals("200", response);
                    String request = upstream.next();
                    assertTrue(request.endsWith("hi\nx-sum: 1"), request);
                    assertNoField(request, request);
                }
                Http3Headers head = new io.netty.handler.codec.http3.DefaultHttp3Headers(false)
                        .method("POST")
                        .scheme("https")
                        .authority("a")
                        .path("/")
                        .add("Packet-Traits", "k4");
                try {
                    Http3TraitsClient.exchange(connection, stream -> send(stream, head, "x"))
                            .get(20, TimeUnit.SECONDS);
                    assertNoField(upstream.next(), "upper case");
                } catch (ExecutionException e) {
                    assertTrue(upstream.sawNothing(), "refused");
                }
            }
        } finally {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    @EachTransport
    void fieldOfTheProxyIsTheOnlyOneThatTheUpstreamGets(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ok()) {
            hops.fieldFrom = TestHops.LOOPBACK;
            hops.field = HopSend.ONLY;
            try (TestProxy proxy = TestProxy.start(transport, upstream.address(), hops.config());
                    HttpWire client = proxy.connect()) {
                client.sendHead(
                        "GET / HTTP/1.1",
                        "Host: a",
                        "Packet-Traits: k4=:AAAwOQ==:",
                        "Connection: Packet-Traits",
                        "Packet_Traits: k6",
                        "PACKET-TRAITS: k9=?1,k4=:AQI=:");
                assertTrue(client.readMessage().startsWith(OK));
                String request = upstream.next();
                assertTrue(request.contains("\npacket-traits: k4=:AQI=:, k9\n"), request);
                assertNoField(request.replace("\npacket-traits: k4=:AQI=:, k9\n", "\n"), request);
            }
        }
    }

    @EachTransport
    void fieldOfResponsesIsRemoved(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.answering(
                        "HTTP/1.1 103 Early Hints",
                        "Packet-Traits: k4",
                        "X: 1",
                        "",
                        "HTTP/1.1 200 OK",
                        "Transfer-Encoding: chunked",
                        "Packet-Traits: k4",
                        "packet_traits: k5",
                        "",
                        "2",
                        "ok",
                        "0",
                        "X-Sum: 1",
                        "Packet-Traits: k4",
                        "",
                        "");
                TestProxy proxy = TestProxy.start(transport, upstream.address(), hops.config());
                HttpWire client = proxy.connect()) {
            client.sendHead("GET / HTTP/1.1", "Host: a");
            String response = client.readHead() + client.readMessage();
            assertTrue(response.startsWith("HTTP/1.1 103") && response.endsWith("ok\nx-sum: 1"), response);
            assertNoField(response, response);
        }
    }

    @EachTransport
    void removalIsCounted(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ok();
                TestProxy proxy = TestProxy.start(transport, upstream.address(), hops.config());
                HttpWire client = proxy.connect()) {
            long before = HopCounter.FIELD_REMOVED.get();
            client.sendHead("GET / HTTP/1.1", "Host: a", "Packet-Traits: k4", "Packet_Traits: k4")
                    .readMessage();
            client.sendHead("GET / HTTP/1.1", "Host: a").readMessage();
            assertEquals(before + 1, HopCounter.FIELD_REMOVED.get());
        }
    }

    private static void send(QuicStreamChannel stream, Http3Headers head, String trailer) {
        stream.write(new DefaultHttp3HeadersFrame(head));
        stream.write(Http3TraitsClient.data("hi"));
        DefaultHttp3HeadersFrame trailers = new DefaultHttp3HeadersFrame();
        trailers.headers().add("x-sum", "1").add(trailer.equals("x") ? "y" : trailer, "k4");
        if (trailer.equals("x")) {
            trailers.headers().remove("y");
        }
        Http3TraitsClient.writeLast(stream, trailers);
    }

    private static ScriptedUpstream ok() throws Exception {
        return ScriptedUpstream.answering("HTTP/1.1 200 OK", "Content-Length: 0", "", "");
    }

    /** No line of the message has a name that any server could take for the field's. */
    private static void assertNoField(String message, String of) {
        for (String line : message.lines().toList()) {
            String name = line.substring(0, Math.max(0, line.indexOf(':'))).toLowerCase(Locale.ROOT);
            assertFalse(name.replaceAll("[^a-z]", "-").equals("packet-traits"), of + " gave " + message);
        }
    }
}
