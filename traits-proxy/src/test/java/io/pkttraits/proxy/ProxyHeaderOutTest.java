// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.pkttraits.Traits;
import io.pkttraits.proxy.hop.HeaderBytes;
import io.pkttraits.proxy.hop.HopSend;
import io.pkttraits.proxy.hop.TestHops;
import io.pkttraits.proxy.http3.Http3TraitsClient;
import io.pkttraits.proxy.net.IoTransport;
import io.pkttraits.proxy.net.ServerTls;
import io.pkttraits.transport.PacketTraits;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** The PROXY header that a connection to the upstream begins with. */
@Timeout(120)
class ProxyHeaderOutTest {
    private static final Traits TRAITS =
            Traits.builder().put(4, new byte[] {0, 1, 2, -1}).putFlag(9).build();
    private static final String TRAITS_TLV = "e2 0008 0404000102ff 0900".replace(" ", "");
    private static final int FIXED_LENGTH = 16;

    /** What the upstream notes of a connection that the proxy closes. */
    private static final String EVICTED = "upstream: ";

    private final TestHops hops = new TestHops();

    ProxyHeaderOutTest() {
        hops.proxyHeader = HopSend.ONLY;
        hops.proxyFrom = TestHops.LOOPBACK;
        hops.proxyRequired = false;
    }

    @BeforeAll
    static void carrier() {
        PacketTraits.ensureAvailability();
    }

    @EachTransport
    void connectionBeginsWithTheClientsAddressesAndTraits(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = readingHeaders(Integer.MAX_VALUE);
                TestProxy proxy = TestProxy.start(transport, upstream.address(), hops.config());
                HttpWire client = proxy.connect()) {
            client.send(HeaderBytes.ipv4().traits(TRAITS).bytes());
            ask(client, "/1");
            ask(client, "/2");
            String addresses = HeaderBytes.IPV4.replace(" ", "");
            assertEquals(
                    HeaderBytes.SIGNATURE + "2111" + "0017" + addresses + TRAITS_TLV + " GET /1 HTTP/1.1",
                    upstream.next());
            assertEquals("GET /2 HTTP/1.1", upstream.next());
        }
    }

    @EachTransport
    void clientWithoutAHeaderIsNamedByItsSocket(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = readingHeaders(Integer.MAX_VALUE);
                TestProxy proxy = TestProxy.start(transport, upstream.address(), hops.config());
                HttpWire client = proxy.connect()) {
            ask(client, "/1");
            String addresses = "7f000001" + "7f000001" + hex(client.socket().getLocalPort())
                    + hex(proxy.address().getPort());
            assertEquals(HeaderBytes.SIGNATURE + "2111" + "000c" + addresses + " GET /1 HTTP/1.1", upstream.next());
        }
    }

    @EachTransport
    void connectionOfOneClientOrSetNeverServesAnother(IoTransport transport) throws Exception {
        hops.fieldFrom = TestHops.LOOPBACK;
        try (ScriptedUpstream upstream = readingHeaders(Integer.MAX_VALUE);
                TestProxy proxy = TestProxy.start(transport, upstream.address(), hops.config());
                HttpWire first = proxy.connect();
                HttpWire second = proxy.connect()) {
            Map<String, String> headers = new HashMap<>();
            for (int i = 0; i < 20; i++) {
                HttpWire client = i % 2 == 0 ? first : second;
                String traits = "Packet-Traits: k" + (i % 3 + 1);
                client.sendHead("GET / HTTP/1.1", "Host: a", traits);
                client.readMessage();
                String seen = upstream.next();
                String who = client.socket().getLocalPort() + traits;
                if (seen.startsWith(HeaderBytes.SIGNATURE)) {
                    assertTrue(headers.put(who, seen) == null, "a second connection for " + who);
                }
                assertTrue(headers.containsKey(who), who);
                assertTrue(headers.get(who).contains(hex(client.socket().getLocalPort())), seen);
                assertTrue(headers.get(who).contains("e20002" + "0" + (i % 3 + 1) + "00 "), seen);
            }
            assertEquals(6, upstream.connections());
        }
    }

    @EachTransport
    void freshConnectionInPlaceOfAStaleOneBeginsWithItToo(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = readingHeaders(1);
                TestProxy proxy = TestProxy.start(transport, upstream.address(), hops.config());
                HttpWire client = proxy.connect()) {
            for (int i = 0; i < 5; i++) {
                ask(client, "/" + i);
                String seen = upstream.next();
                assertTrue(seen.startsWith(HeaderBytes.SIGNATURE) && seen.endsWith(" GET /" + i + " HTTP/1.1"), seen);
            }
        }
    }

    @EachTransport
    void manyClientsDoNotExceedTheBoundOfThePools(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = readingHeaders(Integer.MAX_VALUE)) {
            TestProxy.Builder builder = new TestProxy.Builder(transport, upstream.address(), hops.config());
            builder.maxTotalConnections = 2;
            try (TestProxy proxy = builder.start()) {
                for (int i = 0; i < 50; i++) {
                    try (HttpWire client = proxy.connect()) {
                        ask(client, "/");
                        String seen = upstream.next();
                        while (!seen.startsWith(HeaderBytes.SIGNATURE)) {
                            assertTrue(seen.startsWith(EVICTED), seen);
                            seen = upstream.next();
                        }
                        assertTrue(seen.contains(hex(client.socket().getLocalPort())), seen);
                    }
                }
            }
        }
    }

    @EachTransport
    void streamsOfHttp2HaveTheHeaderOfTheirConnection(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = readingHeaders(Integer.MAX_VALUE);
                TestProxy proxy = TestProxy.start(transport, upstream.address(), hops.config());
                Http2Wire client = proxy.connectHttp2()) {
            assertTrue(client.response(client.get("/1")).contains(":status=200"));
            assertTrue(upstream.next().contains(hex(client.socket().getLocalPort())));
            assertTrue(client.response(client.get("/2")).contains(":status=200"));
            assertEquals("GET /2 HTTP/1.1", upstream.next());
        }
    }

    @EachTransport
    void clientOfHttp3IsNamedByItsSocket(IoTransport transport) throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.ioHandlers());
        try (ScriptedUpstream upstream = readingHeaders(Integer.MAX_VALUE)) {
            TestProxy.Builder builder = new TestProxy.Builder(transport, upstream.address(), hops.config());
            builder.tlsH3 = ServerTls.selfSigned().quic();
            try (TestProxy proxy = builder.start();
                    Http3TraitsClient client = new Http3TraitsClient(group, transport, proxy.addressH3())) {
                var connection = client.connect(TRAITS);
                assertEquals("200", Http3TraitsClient.get(connection).get(20, TimeUnit.SECONDS));
                int port = ((InetSocketAddress) connection.localSocketAddress()).getPort();
                String addresses = "7f000001" + "7f000001" + hex(port)
                        + hex(proxy.addressH3().getPort());
                assertEquals(
                        HeaderBytes.SIGNATURE + "2111" + "0017" + addresses + TRAITS_TLV + " GET / HTTP/1.1",
                        upstream.next());
            }
        } finally {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    /** Two proxies, one behind the other, on a hop whose packets carry nothing. */
    @EachTransport
    void headerOfOneProxyIsReadByTheNext(IoTransport transport) throws Exception {
        TestHops inner = new TestHops();
        inner.proxyFrom = TestHops.LOOPBACK;
        try (TraitsUpstream upstream = new TraitsUpstream(transport)) {
            TestProxy.Builder second = new TestProxy.Builder(transport, upstream.address());
            second.hops = inner.config();
            try (TestProxy behind = second.start();
                    TestProxy before = TestProxy.start(transport, behind.address(), hops.config())) {
                assertEquals("200 0 " + TRAITS, upstream.get(before.address(), TRAITS));
                assertEquals("200 1 {}", upstream.get(before.address(), Traits.EMPTY));
                assertEquals("200 0 " + TRAITS, upstream.get(before.address(), TRAITS));
            }
        }
    }

    /** Notes a header in hexadecimal before the first request line of a connection, which ends behind so many requests. */
    private static ScriptedUpstream readingHeaders(int requests) throws Exception {
        ScriptedUpstream[] self = new ScriptedUpstream[1];
        self[0] = new ScriptedUpstream((wire, connection) -> {
            String fixed = wire.read(FIXED_LENGTH);
            String header = hexOf(fixed + wire.read(fixed.charAt(14) << 8 | fixed.charAt(15))) + " ";
            for (int i = 0; i < requests; i++) {
                String line = wire.readLine();
                wire.readHead();
                self[0].saw(header + line);
                header = "";
                wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 0");
            }
        });
        return self[0];
    }

    private static void ask(HttpWire client, String path) throws Exception {
        String response =
                client.sendHead("GET " + path + " HTTP/1.1", "Host: a").readMessage();
        assertTrue(response.startsWith("HTTP/1.1 200"), response);
    }

    private static String hex(int port) {
        return HexFormat.of().toHexDigits((short) port);
    }

    private static String hexOf(String latin1) {
        return HexFormat.of().formatHex(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }
}
