// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.pkttraits.Traits;
import io.pkttraits.proxy.hop.HeaderBytes;
import io.pkttraits.proxy.hop.HopCounter;
import io.pkttraits.proxy.hop.TestHops;
import io.pkttraits.proxy.net.IoTransport;
import io.pkttraits.proxy.net.ServerTls;
import io.pkttraits.transport.PacketTraits;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** Connections that begin with a PROXY header, from those who may send one and from others. */
@Timeout(120)
class ProxyHeaderInTest {
    private static final Traits TRAITS =
            Traits.builder().put(4, new byte[] {0, '\n', '\r', -1}).putFlag(9).build();
    private static final byte[] HEADER = HeaderBytes.ipv4().traits(TRAITS).withChecksum(0);
    private static final byte[] LOCAL = HeaderBytes.of(0x20, 0, "").bytes();

    private final TestHops hops = new TestHops();

    ProxyHeaderInTest() {
        hops.proxyFrom = TestHops.LOOPBACK;
    }

    @BeforeAll
    static void carrier() {
        PacketTraits.ensureAvailability();
    }

    @EachTransport
    void traitsOfTheHeaderGoOnForEachRequest(IoTransport transport) throws Exception {
        try (TraitsUpstream upstream = new TraitsUpstream(transport);
                TestProxy proxy = TestProxy.start(transport, upstream.address(), hops.config())) {
            for (int i = 0; i < 2; i++) {
                try (HttpWire client = proxy.connect()) {
                    client.send(HEADER);
                    assertTrue(ask(client).endsWith("\n0 " + TRAITS));
                    assertTrue(ask(client).endsWith("\n0 " + TRAITS));
                }
            }
            try (HttpWire client = proxy.connect()) {
                client.send(LOCAL);
                assertTrue(ask(client).endsWith("\n1 {}"));
            }
        }
    }

    @EachTransport
    void headerNamesTheClientInForwardedFor(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ok();
                TestProxy proxy = TestProxy.start(transport, upstream.address(), hops.config())) {
            try (HttpWire client = proxy.connect()) {
                client.send(HEADER);
                ask(client);
                assertTrue(upstream.next().contains("\nx-forwarded-for: 192.0.2.1\n"));
            }
            try (HttpWire client = proxy.connect()) {
                client.send(LOCAL);
                ask(client);
                assertTrue(upstream.next().contains("\nx-forwarded-for: 127.0.0.1\n"));
            }
        }
    }

    @EachTransport
    void headerComesByteByByte(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ok();
                TestProxy proxy = TestProxy.start(transport, upstream.address(), hops.config());
                HttpWire client = proxy.connect()) {
            for (byte b : HEADER) {
                client.send(b);
            }
            for (byte b : "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII)) {
                client.send(b);
            }
            assertTrue(client.readMessage().startsWith("HTTP/1.1 200"));
            String request = upstream.next();
            assertTrue(request.startsWith("GET /slow ") && request.contains("\nx-forwarded-for: 192.0.2.1\n"), request);
        }
    }

    /** The first bytes behind it come in a read of their own. */
    @EachTransport
    void headerComesLongBeforeTheRequest(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ok();
                TestProxy proxy = TestProxy.start(transport, upstream.address(), hops.config());
                HttpWire client = proxy.connect()) {
            long before = HopCounter.PROXY_HEADER_READ.get();
            client.send(HEADER);
            Await.until(() -> HopCounter.PROXY_HEADER_READ.get() > before);
            assertTrue(ask(client).startsWith("HTTP/1.1 200"));
        }
    }

    @EachTransport
    void http2BehindTheHeaderIsServed(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ok();
                TestProxy proxy = TestProxy.start(transport, upstream.address(), hops.config());
                HttpWire wire = proxy.connect()) {
            wire.send(HEADER);
            try (Http2Wire client = new Http2Wire(wire.socket())) {
                int stream = client.get("/two");
                assertTrue(client.response(stream).contains(":status=200"));
                assertTrue(upstream.next().contains("\nx-forwarded-for: 192.0.2.1\n"));
            }
        }
    }

    @EachTransport
    void tlsBehindTheHeaderIsServed(IoTransport transport) throws Exception {
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        try (ScriptedUpstream upstream = ok()) {
            TestProxy.Builder builder = new TestProxy.Builder(transport, upstream.address(), hops.config());
            builder.tls = ServerTls.selfSigned().tcp();
            try (TestProxy proxy = builder.start();
                    HttpWire wire = proxy.connect()) {
                wire.send(HEADER);
                Socket tls = trusting.getSocketFactory().createSocket(wire.socket(), "localhost", 443, true);
                try (HttpWire client = new HttpWire(tls)) {
                    assertTrue(ask(client).startsWith("HTTP/1.1 200"));
                    assertTrue(upstream.next().contains("\nx-forwarded-for: 192.0.2.1\n"));
                }
            }
        }
    }

    @EachTransport
    void connectionWithoutItsHeaderIsClosed(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ok();
                TestProxy proxy = TestProxy.start(transport, upstream.address(), hops.config())) {
            for (byte[] begin : new byte[][] {
                HeaderBytes.ipv4().traits(TRAITS).withChecksum(1),
                "PROXY TCP4 192.0.2.1 198.51.100.2 4242 443\r\n".getBytes(StandardCharsets.US_ASCII),
                {}
            }) {
                try (HttpWire client = proxy.connect()) {
                    client.send(begin).sendHead("GET / HTTP/1.1", "Host: a");
                    assertTrue(client.isAtEnd());
                }
            }
            assertEquals(0, upstream.connections());
        }
    }

    @EachTransport
    void optionalHeaderMayBeMissing(IoTransport transport) throws Exception {
        hops.proxyRequired = false;
        try (ScriptedUpstream upstream = ok();
                TestProxy proxy = TestProxy.start(transport, upstream.address(), hops.config())) {
            try (HttpWire client = proxy.connect()) {
                assertTrue(ask(client).startsWith("HTTP/1.1 200"));
                assertTrue(upstream.next().contains("\nx-forwarded-for: 127.0.0.1\n"));
            }
            try (HttpWire client = proxy.connect()) {
                client.send(HEADER);
                assertTrue(ask(client).startsWith("HTTP/1.1 200"));
                assertTrue(upstream.next().contains("\nx-forwarded-for: 192.0.2.1\n"));
            }
        }
    }

    /** Plain, and before and within TLS: who is not configured cannot name another client. */
    @EachTransport
    void headerOfAnybodyElseIsABadRequest(IoTransport transport) throws Exception {
        hops.proxyFrom = TestHops.ELSEWHERE;
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        try (ScriptedUpstream upstream = ok()) {
            TestProxy.Builder builder = new TestProxy.Builder(transport, upstream.address(), hops.config());
            builder.tls = ServerTls.selfSigned().tcp();
            try (TestProxy proxy = builder.start()) {
                for (boolean tls : new boolean[] {false, true}) {
                    for (byte[] header : new byte[][] {
                        HEADER,
                        LOCAL,
                        HeaderBytes.ipv4().bytes(),
                        "PROXY TCP4 192.0.2.1 198.51.100.2 4242 443\r\n".getBytes(StandardCharsets.US_ASCII),
                        "PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII)
                    }) {
                        try (HttpWire wire = proxy.connect()) {
                            HttpWire client = tls
                                    ? new HttpWire(trusting.getSocketFactory()
                                            .createSocket(wire.socket(), "localhost", 443, true))
                                    : wire;
                            client.send(header).sendHead("GET / HTTP/1.1", "Host: a");
                            String response = client.readMessage();
                            assertTrue(response.matches("(?s)HTTP/1.1 (400|505).*"), response);
                            assertTrue(client.isAtEnd());
                        }
                    }
                }
            }
            assertEquals(0, upstream.connections());
        }
    }

    /** The header of the peer is read, and what the client behind it sends is the client's. */
    @EachTransport
    void secondHeaderIsABadRequest(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ok();
                TestProxy proxy = TestProxy.start(transport, upstream.address(), hops.config());
                HttpWire client = proxy.connect()) {
            client.send(LOCAL).send(HEADER).sendHead("GET / HTTP/1.1", "Host: a");
            assertTrue(client.readMessage().startsWith("HTTP/1.1 400"));
            assertTrue(client.isAtEnd());
            assertEquals(0, upstream.connections());
        }
    }

    @EachTransport
    void fieldIsBelievedOfTheClientThatTheHeaderNames(IoTransport transport) throws Exception {
        hops.fieldFrom = TestHops.LOOPBACK;
        try (TraitsUpstream upstream = new TraitsUpstream(transport);
                TestProxy proxy = TestProxy.start(transport, upstream.address(), hops.config())) {
            try (HttpWire client = proxy.connect()) {
                client.send(HeaderBytes.ipv4().bytes()).sendHead("GET / HTTP/1.1", "Host: a", "Packet-Traits: k7");
                assertTrue(client.readMessage().endsWith("\n0 {}"));
            }
            try (HttpWire client = proxy.connect()) {
                client.send(LOCAL).sendHead("GET / HTTP/1.1", "Host: a", "Packet-Traits: k7");
                assertTrue(client.readMessage().endsWith("\n1 {7}"));
            }
        }
    }

    @EachTransport
    void headerThatDoesNotComeInTimeClosesTheConnection(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ok()) {
            TestProxy.Builder builder = new TestProxy.Builder(transport, upstream.address(), hops.config());
            builder.idleTimeout = Duration.ofMillis(300);
            try (TestProxy proxy = builder.start();
                    HttpWire client = proxy.connect()) {
                client.send(HeaderBytes.ipv4().lie(1).bytes());
                assertTrue(client.isAtEnd());
                assertFalse(upstream.connections() > 0);
            }
        }
    }

    private static ScriptedUpstream ok() throws Exception {
        return ScriptedUpstream.answering("HTTP/1.1 200 OK", "Content-Length: 0", "", "");
    }

    private static String ask(HttpWire client) throws Exception {
        return client.sendHead("GET / HTTP/1.1", "Host: a").readMessage();
    }
}
