// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.Traits;
import io.pkttraits.proxy.hop.HeaderBytes;
import io.pkttraits.proxy.hop.HopSend;
import io.pkttraits.proxy.hop.TestHops;
import io.pkttraits.proxy.net.HostPort;
import io.pkttraits.proxy.net.IoTransport;
import io.pkttraits.transport.PacketTraits;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/**
 * HAProxy before the proxy and behind it. Version 2.6, Debian 12's, has no TLVs of one's own, but one whose bytes are configured and
 * shown: the unique id, of type 5.
 */
@Timeout(120)
class HaproxyTest {
    private static final int UNIQUE_ID = 5;

    /** As HAProxy's configuration writes bytes; it can write none that is NUL. */
    private static final String TRAITS_IN_HAPROXY = "\\x04\\x04\\x01\\xff\\x0a\\x80\\x05\\x02\\x22\\x0d";

    private static final Traits TRAITS = Traits.builder()
            .put(4, new byte[] {1, -1, '\n', -128})
            .put(5, new byte[] {'"', '\r'})
            .build();

    private final TestHops hops = new TestHops();

    @BeforeAll
    static void carrier() {
        PacketTraits.ensureAvailability();
    }

    @EachTransport
    void traitsAndClientThatHaproxySendsAreTaken(IoTransport transport) throws Exception {
        hops.proxyFrom = TestHops.LOOPBACK;
        hops.tlvType = UNIQUE_ID;
        for (String options : List.of("unique-id", "unique-id,crc32c")) {
            try (TraitsUpstream upstream = new TraitsUpstream(transport);
                    TestProxy proxy = TestProxy.start(transport, upstream.address(), hops.config());
                    HaproxyProgram haproxy = HaproxyProgram.start(
                            "",
                            "mode tcp",
                            "unique-id-format \"" + TRAITS_IN_HAPROXY + "\"",
                            "server proxy " + HostPort.of(proxy.address()) + " send-proxy-v2 proxy-v2-options "
                                    + options);
                    HttpWire client = haproxy.connect()) {
                assertTrue(ask(client).endsWith(" " + TRAITS));
            }
        }
    }

    @EachTransport
    void clientOfHaproxyIsForwardedFor(IoTransport transport) throws Exception {
        hops.proxyFrom = TestHops.LOOPBACK;
        try (ScriptedUpstream upstream = ScriptedUpstream.answering("HTTP/1.1 200 OK", "Content-Length: 0", "", "");
                TestProxy proxy = TestProxy.start(transport, upstream.address(), hops.config());
                HaproxyProgram haproxy = HaproxyProgram.start(
                        "accept-proxy", "mode tcp", "server proxy " + HostPort.of(proxy.address()) + " send-proxy-v2");
                HttpWire client = haproxy.connect()) {
            client.send("PROXY TCP4 192.0.2.1 198.51.100.2 4242 443\r\n");
            ask(client);
            String request = upstream.next();
            assertTrue(request.contains("\nx-forwarded-for: 192.0.2.1\n"), request);
        }
    }

    /** Its checks begin with the command LOCAL. */
    @EachTransport
    void healthCheckOfHaproxyIsServedAsItsOwn(IoTransport transport) throws Exception {
        hops.proxyFrom = TestHops.LOOPBACK;
        try (ScriptedUpstream upstream = ScriptedUpstream.answering("HTTP/1.1 200 OK", "Content-Length: 0", "", "");
                TestProxy proxy = TestProxy.start(transport, upstream.address(), hops.config());
                HaproxyProgram haproxy = HaproxyProgram.start(
                        "",
                        "mode http",
                        "option httpchk GET /health",
                        "http-check send hdr Host a",
                        "server proxy " + HostPort.of(proxy.address())
                                + " send-proxy-v2 check-send-proxy check inter 100ms")) {
            String request = upstream.next();
            assertTrue(
                    request.startsWith("GET /health ") && request.contains("\nx-forwarded-for: 127.0.0.1\n"), request);
            assertTrue(haproxy.address().getPort() > 0);
        }
    }

    @EachTransport
    void fieldThatHaproxySetsIsTaken(IoTransport transport) throws Exception {
        hops.fieldFrom = TestHops.LOOPBACK;
        try (TraitsUpstream upstream = new TraitsUpstream(transport);
                TestProxy proxy = TestProxy.start(transport, upstream.address(), hops.config());
                HaproxyProgram haproxy = HaproxyProgram.start(
                        "",
                        "mode http",
                        "http-request set-header Packet-Traits \"k4=:AAAwOQ==:, k9\"",
                        "server proxy " + HostPort.of(proxy.address()));
                HttpWire client = haproxy.connect()) {
            client.sendHead("GET / HTTP/1.1", "Host: a", "Packet-Traits: k63");
            assertTrue(client.readMessage().endsWith(" {4=0x00003039, 9}"));
        }
    }

    @EachTransport
    void haproxySeesTheClientAndTheTraits(IoTransport transport) throws Exception {
        Traits traits =
                Traits.builder().put(4, new byte[] {0, 1, 0, -1}).putFlag(9).build();
        hops.proxyFrom = TestHops.LOOPBACK;
        hops.proxyRequired = false;
        hops.proxyHeader = HopSend.ONLY;
        hops.tlvType = UNIQUE_ID;
        try (HaproxyProgram haproxy = HaproxyProgram.start(
                        "accept-proxy",
                        "mode http",
                        "http-request return status 200 content-type text/plain lf-string"
                                + " \"%[src]:%[src_port] %[dst]:%[dst_port] %[fc_pp_unique_id,hex]\"");
                TestProxy proxy = TestProxy.start(transport, haproxy.address(), hops.config())) {
            try (HttpWire client = proxy.connect()) {
                client.send(HeaderBytes.ipv4()
                        .tlv(UNIQUE_ID, (byte) 4, (byte) 4, (byte) 0, (byte) 1, (byte) 0, (byte) -1, (byte) 9, (byte) 0)
                        .bytes());
                for (int i = 0; i < 2; i++) {
                    assertEquals("192.0.2.1:4242 198.51.100.2:443 0404000100FF0900", bodyOf(ask(client)));
                }
                assertEquals("{4=0x000100ff, 9}", traits.toString());
            }
            try (HttpWire client = proxy.connect()) {
                String addresses = "127.0.0.1:" + client.socket().getLocalPort() + " " + HostPort.of(proxy.address());
                assertEquals(addresses + " ", bodyOf(ask(client)));
            }
        }
    }

    private static String ask(HttpWire client) throws Exception {
        return client.sendHead("GET / HTTP/1.1", "Host: a").readMessage();
    }

    private static String bodyOf(String response) {
        return response.substring(response.lastIndexOf('\n') + 1);
    }
}
