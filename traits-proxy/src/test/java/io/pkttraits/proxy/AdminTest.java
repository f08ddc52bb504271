// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.Traits;
import io.pkttraits.proxy.admin.AdminServer;
import io.pkttraits.proxy.admin.LiveView;
import io.pkttraits.proxy.hop.HeaderBytes;
import io.pkttraits.proxy.hop.TestHops;
import io.pkttraits.proxy.net.HostPort;
import io.pkttraits.proxy.net.IoTransport;
import io.pkttraits.transport.policy.TraitsPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The admin endpoint beside a proxy that serves. */
@Timeout(120)
class AdminTest {
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private static HttpWire connect(AdminServer admin) throws IOException {
        return new HttpWire(
                new Socket(admin.address().getAddress(), admin.address().getPort()));
    }

    private static String ask(AdminServer admin, String method, String target) throws IOException {
        try (HttpWire wire = connect(admin)) {
            return wire.sendHead(method + " " + target + " HTTP/1.1", "Host: localhost")
                    .readAll();
        }
    }

    private static AdminServer start(IoTransport transport, TestProxy proxy) throws IOException {
        return AdminServer.start(ANY, transport, proxy.server().admin());
    }

    @EachTransport
    void metersCountWhatTheProxyDid(IoTransport transport) throws Exception {
        try (TraitsUpstream upstream = new TraitsUpstream(transport);
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                AdminServer admin = start(transport, proxy)) {
            upstream.get(proxy.address(), Traits.EMPTY.withInt(4, 5));
            String requests = "\ntraits_proxy_requests_total{status=\"2xx\",version=\"HTTP/1.1\"} 1";
            // A request is counted behind its response.
            Await.until(() -> ask(admin, "GET", "/metrics").contains(requests), () -> "no" + requests);
            String metrics = ask(admin, "GET", "/metrics");
            assertTrue(metrics.startsWith("HTTP/1.1 200 OK\r\n"), metrics);
            assertTrue(metrics.contains("\r\ncontent-type: text/plain; version=0.0.4; charset=utf-8\r\n"), metrics);
            assertTrue(metrics.contains("\npkttraits_pool_connections{pool=\"upstream\",state=\"idle\"} 1"), metrics);
            String sends = "\npkttraits_sends_total\\{carrier=\"[a-z-]+\",kind=\"syn\",transport=\"" + transport
                    + "\"\\} [1-9]";
            assertTrue(java.util.regex.Pattern.compile(sends).matcher(metrics).find(), metrics);
        }
    }

    @EachTransport
    void onlyGetAndHeadOfWhatThereIsAreAnswered(IoTransport transport) throws Exception {
        try (TestProxy proxy = TestProxy.start(transport, ANY);
                AdminServer admin = start(transport, proxy)) {
            for (String target : List.of("/", "/?a", "/metrics", "/healthz", "/live.js", "/style.css")) {
                String got = ask(admin, "GET", target);
                assertTrue(got.startsWith("HTTP/1.1 200 OK\r\n"), got);
                String head = ask(admin, "HEAD", target);
                assertTrue(head.startsWith("HTTP/1.1 200 OK\r\n") && head.endsWith("\r\n\r\n"), head);
                assertTrue(head.contains("\r\ncontent-security-policy: default-src 'none'; script-src 'self';"), head);
                String post = ask(admin, "POST", target);
                assertTrue(post.startsWith("HTTP/1.1 405 ") && post.contains("\r\nallow: GET, HEAD\r\n"), post);
            }
            String events = ask(admin, "HEAD", "/events");
            assertTrue(events.startsWith("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"), events);
            assertTrue(ask(admin, "POST", "/events").startsWith("HTTP/1.1 405 "));
            assertTrue(ask(admin, "GET", "/metrics/").startsWith("HTTP/1.1 404 "));
            assertTrue(ask(admin, "GET", "/../style.css").startsWith("HTTP/1.1 404 "));
            assertTrue(ask(admin, "GET", "/" + "a".repeat(3000)).startsWith("HTTP/1.1 400 "));
        }
    }

    @EachTransport
    void nameThatIsNotThisHostsIsRefusedOnLoopback(IoTransport transport) throws Exception {
        try (TestProxy proxy = TestProxy.start(transport, ANY);
                AdminServer admin = start(transport, proxy)) {
            for (String host : List.of("127.0.0.1:9090", "[::1]:9090", "localhost", "LocalHost:80")) {
                assertTrue(askOf(admin, "/", host).startsWith("HTTP/1.1 200 "), host);
            }
            for (String host : List.of("evil.example", "evil.example:9090", "localhost.evil.example", "[evil]", "")) {
                for (String target : List.of("/", "/metrics", "/events", "/events?x", "/live.js")) {
                    assertTrue(askOf(admin, target, host).startsWith("HTTP/1.1 403 "), host + target);
                }
            }
            try (HttpWire viewer = connect(admin)) {
                viewer.sendHead("GET /events?x HTTP/1.1", "Host: localhost");
                assertTrue(viewer.readHead().contains("\ncontent-type: text/event-stream\n"));
                assertTrue(viewer.readLine() != null);
            }
        }
    }

    private static String askOf(AdminServer admin, String target, String host) throws IOException {
        try (HttpWire wire = connect(admin)) {
            return wire.sendHead("GET " + target + " HTTP/1.1", "Host: " + host).readAll();
        }
    }

    /** Not what the policy did not take, and not who only passes a client's bytes on. */
    @EachTransport
    void liveViewShowsOfAClientWhatTheLogSays(IoTransport transport) throws Exception {
        TestHops hops = new TestHops();
        hops.proxyFrom = TestHops.LOOPBACK;
        Traits traits = Traits.EMPTY.withInt(4, 12345).withFlag(9);
        try (ScriptedUpstream upstream =
                ScriptedUpstream.answering("HTTP/1.1 200 OK", "Content-Length: 5", "", "hello")) {
            TestProxy.Builder builder = new TestProxy.Builder(transport, upstream.address(), hops.config());
            builder.policy = TraitsPolicy.builder().acceptFromAll(1L << 9).build();
            try (TestProxy proxy = builder.start();
                    HttpWire client = proxy.connect()) {
                client.send(HeaderBytes.ipv4().traits(traits).bytes());
                client.sendHead("GET / HTTP/1.1", "Host: a").readMessage();
                LiveView.Connection shown =
                        proxy.server().admin().view().connections().get(0);
                assertEquals("{9}", shown.traits());
                assertTrue(shown.peer().startsWith("192.0.2.1:"), shown.peer());
            }
        }
    }

    @EachTransport
    void healthFollowsTheDraining(IoTransport transport) throws Exception {
        ScriptedUpstream.Script silence = (wire, connection) -> wire.readAll();
        try (ScriptedUpstream upstream = new ScriptedUpstream(silence);
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                AdminServer admin = start(transport, proxy);
                HttpWire client = proxy.connect()) {
            assertTrue(ask(admin, "GET", "/healthz").endsWith("\r\n\r\nok\n"));
            client.sendHead("GET / HTTP/1.1", "Host: localhost");
            Await.until(() -> proxy.server().context().traffic().all().requests() > 0);
            Thread ending = new Thread(() -> proxy.shutDown(Duration.ofSeconds(20)));
            ending.start();
            String health = ask(admin, "GET", "/healthz");
            while (!health.startsWith("HTTP/1.1 503 ")) {
                health = ask(admin, "GET", "/healthz");
            }
            assertTrue(health.endsWith("\r\n\r\ndraining\n"), health);
            client.socket().close();
            ending.join();
        }
    }

    @EachTransport
    void liveViewsAreBoundedAndGoOn(IoTransport transport) throws Exception {
        List<HttpWire> viewers = new ArrayList<>();
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.answering("HTTP/1.1 200 OK", "Content-Length: 5", "", "hello");
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                AdminServer admin = start(transport, proxy)) {
            for (int i = 0; i < 16; i++) {
                HttpWire viewer = connect(admin);
                viewers.add(viewer);
                String head = viewer.sendHead("GET /events HTTP/1.1", "Host: localhost")
                        .readHead();
                assertTrue(head.contains("\ncontent-type: text/event-stream\n"), head);
                assertTrue(viewer.readLine().startsWith("data: <dl>"));
            }
            assertTrue(ask(admin, "GET", "/events").startsWith("HTTP/1.1 503 "));
            try (HttpWire client = proxy.connect()) {
                client.sendHead("GET / HTTP/1.1", "Host: localhost").readMessage();
                String peer = "<tr><td>127.0.0.1:" + client.socket().getLocalPort()
                        + "</td><td>HTTP/1.1</td><td>{}</td><td>1</td>";
                String line = "";
                while (!line.contains(peer)) {
                    line = viewers.get(0).readLine();
                }
            }
            viewers.remove(0).close();
            String retried = "";
            while (!retried.startsWith("HTTP/1.1 200 ")) {
                try (HttpWire viewer = connect(admin)) {
                    retried = viewer.sendHead("GET /events HTTP/1.1", "Host: localhost")
                            .readLine();
                }
            }
        } finally {
            for (HttpWire viewer : viewers) {
                viewer.close();
            }
        }
    }

    @EachTransport
    void closeEndsTheLiveViews(IoTransport transport) throws Exception {
        try (TestProxy proxy = TestProxy.start(transport, ANY)) {
            for (int round = 0; round < 20; round++) {
                List<HttpWire> viewers = new ArrayList<>();
                try (AdminServer admin = start(transport, proxy)) {
                    for (int i = 0; i < 16; i++) {
                        HttpWire viewer = connect(admin);
                        viewers.add(viewer);
                        viewer.sendHead("GET /events HTTP/1.1", "Host: localhost")
                                .readHead();
                    }
                }
                for (HttpWire viewer : viewers) {
                    viewer.readAll();
                    viewer.close();
                }
            }
        }
    }

    @EachTransport
    void manyAndSilentClientsAreTurnedAwayAndTheProxyServes(IoTransport transport) throws Exception {
        List<HttpWire> silent = new ArrayList<>();
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.answering("HTTP/1.1 200 OK", "Content-Length: 5", "", "hello");
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                AdminServer admin = start(transport, proxy)) {
            for (int i = 0; i < 64; i++) {
                silent.add(connect(admin));
            }
            try (HttpWire turnedAway = connect(admin)) {
                assertTrue(turnedAway.isAtEnd());
            }
            try (HttpWire client = proxy.connect()) {
                assertTrue(client.sendHead("GET / HTTP/1.1", "Host: localhost")
                        .readMessage()
                        .endsWith("hello"));
            }
            // They said nothing for too long.
            assertTrue(silent.get(0).isAtEnd());
            String health = "";
            while (!health.startsWith("HTTP/1.1 200 ")) {
                try (HttpWire wire = connect(admin)) {
                    wire.sendHead("GET /healthz HTTP/1.1", "Host: localhost");
                    health = wire.readLine();
                } catch (IOException e) {
                    assertFalse(e instanceof java.net.ConnectException, e::toString);
                }
            }
        } finally {
            for (HttpWire wire : silent) {
                wire.close();
            }
        }
    }

    @EachTransport
    void liveViewCountsRequestsOfStreamsOnTheirConnection(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.answering("HTTP/1.1 200 OK", "Content-Length: 5", "", "hello");
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                AdminServer admin = start(transport, proxy);
                Http2Wire client = proxy.connectHttp2()) {
            for (int i = 0; i < 3; i++) {
                assertTrue(client.response(client.get("/")).contains(" :status=200 "));
            }
            String page = ask(admin, "GET", "/");
            assertTrue(page.contains("</td><td>HTTP/2</td><td>{}</td><td>3</td>"), page);
            assertTrue(page.contains("<dt>requests</dt><dd>3</dd>"), page);
        }
    }

    @Test
    void programSaysWhereItsEndpointIsAndLogsJson() throws Exception {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.answering("HTTP/1.1 200 OK", "Content-Length: 5", "", "hello");
                JavaProgram proxy = JavaProgram.proxy(
                        HostPort.of(upstream.address()).toString(), "--admin", "0", "--access-log-format", "json")) {
            String ready = proxy.readLine();
            String[] places = ready.replaceAll("listening on (\\S+) .* admin=(\\S+)", "$1 $2")
                    .split(" ", 2);
            assertTrue(places[1].startsWith("127.0.0.1:"), ready);
            InetSocketAddress admin = HostPort.parse(places[1]).resolve();
            InetSocketAddress address = HostPort.parse(places[0]).resolve();
            try (HttpWire client = new HttpWire(new Socket(address.getAddress(), address.getPort()))) {
                client.sendHead("GET /a\"b HTTP/1.1", "Host: localhost").readMessage();
            }
            String line = proxy.readLine();
            assertTrue(line.startsWith("{\"time\":\"20"), line);
            try (HttpWire wire = new HttpWire(new Socket(admin.getAddress(), admin.getPort()))) {
                String health = wire.sendHead("GET /healthz HTTP/1.1", "Host: localhost")
                        .readAll();
                assertTrue(health.endsWith("\r\n\r\nok\n"), health);
            }
            proxy.terminate();
            assertEquals(0, proxy.awaitExit());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--admin nowhere", "--admin 65536", "--admin 127.0.0.1", "--access-log-format xml"})
    void wrongOptionsAreOneLineAndExitCode2(String options) throws Exception {
        try (JavaProgram proxy = JavaProgram.proxy("127.0.0.1:1", options.split(" ", -1))) {
            assertEquals(2, proxy.awaitExit());
            assertEquals(1, proxy.stderr().lines().count(), proxy.stderr());
            assertTrue(proxy.stderr().contains(options.substring(0, options.indexOf(' '))), proxy.stderr());
        }
    }
}
