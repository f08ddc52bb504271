// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.quic.QuicChannel;
import io.pkttraits.Traits;
import io.pkttraits.codec.TraitFieldCodec;
import io.pkttraits.proxy.cli.LimitOptions;
import io.pkttraits.proxy.config.UpstreamProtocol;
import io.pkttraits.proxy.exchange.Exchange;
import io.pkttraits.proxy.hop.HeaderBytes;
import io.pkttraits.proxy.hop.TestHops;
import io.pkttraits.proxy.http3.Http3TraitsClient;
import io.pkttraits.proxy.log.LogLines;
import io.pkttraits.proxy.net.IoTransport;
import io.pkttraits.proxy.net.ServerTls;
import io.pkttraits.transport.PacketTraits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/**
 * What one client may take of the queue for upstream connections. There is one connection as a rule, and a request that is never
 * answered holds it until its client goes.
 */
@Timeout(120)
@OnEachTransport
class ClientShareTest {
    private static final String CLIENT = "127.0.0.1";
    private static final String OTHER = "127.0.0.2";
    private static final String HOLDER = "127.0.0.9";

    @Parameter
    IoTransport transport;

    private final TestHops hops = new TestHops();
    private final AtomicInteger http1Hanging = new AtomicInteger();
    private ScriptedUpstream http1;
    private Http2Upstream http2;

    @BeforeAll
    static void carrier() {
        PacketTraits.ensureAvailability();
    }

    @BeforeEach
    void start() throws Exception {
        http1 = new ScriptedUpstream((wire, connection) -> {
            while (true) {
                if (wire.readHead().startsWith("GET /hang ")) {
                    http1Hanging.incrementAndGet();
                    wire.readAll();
                    return;
                }
                wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 0");
            }
        });
        http2 = new Http2Upstream(transport, 1);
    }

    @AfterEach
    void stop() throws Exception {
        http1.close();
        http2.close();
    }

    @ParameterizedTest
    @EnumSource
    void clientThatFillsItsShareIsRefusedAndOthersAreServed(UpstreamProtocol protocol) throws Exception {
        TestProxy.Builder builder = builder(protocol, 2);
        builder.maxPending = 3;
        try (TestProxy proxy = builder.start();
                HttpWire holder = hold(proxy);
                HttpWire first = ask(proxy.connectFrom(CLIENT));
                HttpWire second = ask(proxy.connectFrom(CLIENT))) {
            Await.until(() -> proxy.waiting() == 2);
            try (LogLines log = new LogLines(Exchange.class.getName());
                    HttpWire refused = ask(proxy.connectFrom(CLIENT))) {
                assertRefused(refused.readMessage());
                assertEquals(
                        List.of("GET /: 503: 2 requests of 127.0.0.1 wait already for a connection, as many as one"
                                + " client may have"),
                        log.lines());
            }
            try (HttpWire other = ask(proxy.connectFrom(OTHER))) {
                Await.until(() -> proxy.waiting() == 3);
                leave(holder);
                assertServed(first, second, other);
            }
            assertEquals(0, proxy.waiting());
        }
    }

    @ParameterizedTest
    @EnumSource
    void streamsOfOneConnectionAreOneClients(UpstreamProtocol protocol) throws Exception {
        try (TestProxy proxy = builder(protocol, 2).start();
                HttpWire holder = hold(proxy);
                Http2Wire client = proxy.connectHttp2()) {
            client.get("/");
            client.get("/");
            Await.until(() -> proxy.waiting() == 2);
            int third = client.get("/");
            String refused = client.response(third);
            assertTrue(refused.startsWith("HEADERS " + third + " :status=503"), refused);
            try (HttpWire other = ask(proxy.connectFrom(OTHER))) {
                Await.until(() -> proxy.waiting() == 3);
                leave(holder);
                assertServed(other);
            }
            int answered = 0;
            while (answered < 2) {
                String frame = client.next();
                answered += frame.contains(":status=200") ? 1 : 0;
                assertFalse(frame.contains(":status=5") || frame.equals("CLOSED"), frame);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void requestsOfHttp3CountTogetherWithThoseByTcp(UpstreamProtocol protocol) throws Exception {
        TestProxy.Builder builder = builder(protocol, 2);
        builder.tlsH3 = ServerTls.selfSigned().quic();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.ioHandlers());
        try (TestProxy proxy = builder.start();
                HttpWire holder = hold(proxy);
                Http3TraitsClient client = new Http3TraitsClient(group, transport, proxy.addressH3())) {
            QuicChannel connection = client.connect(Traits.EMPTY);
            CompletableFuture<String> first = Http3TraitsClient.get(connection);
            CompletableFuture<String> second = Http3TraitsClient.get(connection);
            Await.until(() -> proxy.waiting() == 2);
            String third = Http3TraitsClient.get(connection).get(20, TimeUnit.SECONDS);
            assertTrue(third.startsWith("503"), third);
            try (HttpWire same = ask(proxy.connectFrom(CLIENT));
                    HttpWire other = ask(proxy.connectFrom(OTHER))) {
                assertRefused(same.readMessage());
                Await.until(() -> proxy.waiting() == 3);
                leave(holder);
                assertServed(other);
                assertTrue(first.get(20, TimeUnit.SECONDS).startsWith("200"));
                assertTrue(second.get(20, TimeUnit.SECONDS).startsWith("200"));
            }
            Http3TraitsClient.get(connection).get(20, TimeUnit.SECONDS);
            try (HttpWire again = hold(proxy)) {
                Http3TraitsClient.get(connection);
                Http3TraitsClient.get(connection);
                Await.until(() -> proxy.waiting() == 2);
                connection.close().sync();
                Await.until(() -> proxy.waiting() == 0);
                leave(again);
            }
        } finally {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    @ParameterizedTest
    @EnumSource
    void clientIsTheOneThatTheProxyHeaderNames(UpstreamProtocol protocol) throws Exception {
        hops.proxyFrom = TestHops.LOOPBACK;
        HeaderBytes ipv4 = HeaderBytes.ipv4();
        HeaderBytes otherIpv4 = HeaderBytes.of(0x21, 0x11, HeaderBytes.IPV4.replace("c0000201", "c0000209"));
        HeaderBytes ipv6 = ipv6("20010db8000000010000000000000001");
        HeaderBytes sameNetwork = ipv6("20010db8000000010000000000000002");
        HeaderBytes otherNetwork = ipv6("20010db8000000020000000000000001");
        HeaderBytes nobody = HeaderBytes.of(0x20, 0, "");
        try (TestProxy proxy = builder(protocol, 1).start();
                HttpWire holder = hold(proxy.connectFrom(HOLDER).send(nobody.bytes()));
                HttpWire first = ask(proxy.connect().send(ipv4.bytes()))) {
            Await.until(() -> proxy.waiting() == 1);
            try (HttpWire again = ask(proxy.connect().send(ipv4.bytes()));
                    HttpWire second = ask(proxy.connect().send(otherIpv4.bytes()));
                    HttpWire third = ask(proxy.connect().send(ipv6.bytes()))) {
                assertRefused(again.readMessage());
                Await.until(() -> proxy.waiting() == 3);
                try (HttpWire neighbour = ask(proxy.connect().send(sameNetwork.bytes()));
                        HttpWire fourth = ask(proxy.connect().send(otherNetwork.bytes()))) {
                    assertRefused(neighbour.readMessage());
                    Await.until(() -> proxy.waiting() == 4);
                    leave(holder);
                    assertServed(first, second, third, fourth);
                }
            }
        }
    }

    /** A place that the dead kept would be missing in the queue, in their client's share, or in both. */
    @ParameterizedTest
    @EnumSource
    void placesOfClientsThatWentAwayAreFree(UpstreamProtocol protocol) throws Exception {
        hops.fieldFrom = TestHops.LOOPBACK;
        TestProxy.Builder builder = builder(protocol, 2);
        builder.maxPending = 2;
        try (TestProxy proxy = builder.start();
                HttpWire holder = hold(proxy)) {
            for (int i = 0; i < 10; i++) {
                HttpWire closed = ask(proxy.connectFrom(CLIENT), set(2 * i));
                HttpWire reset = ask(proxy.connectFrom(CLIENT), set(2 * i + 1));
                Await.until(() -> proxy.waiting() == 2);
                closed.close();
                reset.socket().setSoLinger(true, 0);
                reset.close();
                Await.until(() -> proxy.waiting() == 0);
            }
            try (Http2Wire client = proxy.connectHttp2()) {
                for (int i = 0; i < 10; i++) {
                    int first = client.request("GET", "/", true, "packet-traits", set(2 * i));
                    int second = client.request("GET", "/", true, "packet-traits", set(2 * i + 1));
                    Await.until(() -> proxy.waiting() == 2);
                    client.reset(first, Http2Error.CANCEL);
                    client.reset(second, Http2Error.CANCEL);
                    Await.until(() -> proxy.waiting() == 0);
                }
                client.get("/");
                client.get("/");
                Await.until(() -> proxy.waiting() == 2);
            }
            Await.until(() -> proxy.waiting() == 0);
            assertEquals(1, proxy.stats().pools());
            try (HttpWire first = ask(proxy.connectFrom(CLIENT));
                    HttpWire second = ask(proxy.connectFrom(CLIENT))) {
                Await.until(() -> proxy.waiting() == 2);
                try (HttpWire third = ask(proxy.connectFrom(CLIENT))) {
                    assertRefused(third.readMessage());
                }
                leave(holder);
                assertServed(first, second);
            }
        }
    }

    /** Those that wait for the same connection of HTTP/2 leave it to each other. */
    @Test
    void requestsThatStayAreServedWhenOthersOfTheirSetHaveGone() throws Exception {
        hops.fieldFrom = TestHops.LOOPBACK;
        try (TestProxy proxy = builder(UpstreamProtocol.H2C, 9).start();
                HttpWire holder = hold(proxy);
                Http2Wire client = proxy.connectHttp2();
                HttpWire living = proxy.connectFrom(OTHER)) {
            int first = client.request("GET", "/", true, "packet-traits", set(1));
            Await.until(() -> proxy.waiting() == 1);
            ask(living, set(1));
            int second = client.request("GET", "/", true, "packet-traits", set(2));
            Await.until(() -> proxy.waiting() == 2);
            client.reset(first, Http2Error.CANCEL);
            client.reset(second, Http2Error.CANCEL);
            Await.until(() -> proxy.waiting() == 1);
            leave(holder);
            assertServed(living);
        }
    }

    @ParameterizedTest
    @EnumSource
    void requestsThatWaitedForTooLongAreCountedNoMore(UpstreamProtocol protocol) throws Exception {
        TestProxy.Builder builder = builder(protocol, 1);
        builder.connectTimeout = Duration.ofSeconds(2);
        try (LogLines log = new LogLines(Exchange.class.getName());
                TestProxy proxy = builder.start();
                HttpWire holder = hold(proxy);
                HttpWire client = proxy.connectFrom(CLIENT)) {
            for (int i = 0; i < 3; i++) {
                assertRefused(ask(client).readMessage());
                assertTrue(log.lines().get(i).contains(" were in use for 2000 ms"), log.lines()::toString);
            }
            leave(holder);
        }
    }

    @ParameterizedTest
    @EnumSource
    void unusedConnectionIsTakenThoughTheShareIsFull(UpstreamProtocol protocol) throws Exception {
        hops.fieldFrom = TestHops.LOOPBACK;
        TestProxy.Builder builder = builder(protocol, 1);
        builder.maxTotalConnections = 2;
        builder.maxConnections = 1;
        try (TestProxy proxy = builder.start();
                HttpWire client = proxy.connectFrom(CLIENT);
                HttpWire holder = hold(proxy)) {
            assertServed(ask(client, set(1)));
            Await.until(() -> proxy.stats().idle() == 1);
            try (HttpWire waiting = ask(proxy.connectFrom(CLIENT))) {
                Await.until(() -> proxy.waiting() == 1);
                for (int i = 0; i < 3; i++) {
                    assertServed(ask(client, set(1)));
                    Await.until(() -> proxy.stats().idle() == 1);
                }
                assertRefused(ask(client, set(2)).readMessage());
                assertEquals(1, proxy.stats().idle());
                leave(holder);
                assertServed(waiting);
            }
        }
    }

    @Test
    void requestCountsWhileItsConnectionIsOpened() throws Exception {
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
            assertCountsWhileOpening(new TestProxy.Builder(transport, address));
        } finally {
            for (Socket filler : fillers) {
                filler.close();
            }
        }
    }

    @Test
    void requestCountsUntilTheUpstreamSpeaksHttp2() throws Exception {
        try (ScriptedUpstream silent = new ScriptedUpstream((wire, connection) -> wire.readAll())) {
            TestProxy.Builder builder = new TestProxy.Builder(transport, silent.address());
            builder.upstreamProtocol = UpstreamProtocol.H2C;
            assertCountsWhileOpening(builder);
        }
    }

    private static void assertCountsWhileOpening(TestProxy.Builder builder) throws Exception {
        builder.maxPendingPerClient = 1;
        builder.connectTimeout = Duration.ofSeconds(60);
        try (TestProxy proxy = builder.start();
                HttpWire first = ask(proxy.connectFrom(CLIENT))) {
            Await.until(() -> proxy.stats().leased() == 1);
            try (HttpWire second = ask(proxy.connectFrom(CLIENT))) {
                assertRefused(second.readMessage());
            }
            leave(first);
            // Whether its end or the next request arrives first is for the kernel to say.
            for (String answer = "503"; answer.contains("503"); ) {
                try (HttpWire next = ask(proxy.connectFrom(CLIENT))) {
                    next.socket().setSoTimeout(300);
                    answer = next.readHead();
                } catch (java.net.SocketTimeoutException e) {
                    answer = "it waits";
                }
            }
        }
    }

    @Test
    void shareIsHalfOfTheQueueUnlessToldOtherwise() {
        assertEquals(2048, share());
        assertEquals(5, share("--max-pending", "11"));
        assertEquals(1, share("--max-pending", "1"));
        assertEquals(7, share("--max-pending", "4", "--max-pending-per-client", "7"));
    }

    private static int share(String... args) {
        return CommandLine.populateCommand(new LimitOptions(), args).toLimits().maxPendingPerClient();
    }

    private TestProxy.Builder builder(UpstreamProtocol protocol, int share) {
        InetSocketAddress upstream = protocol == UpstreamProtocol.H1 ? http1.address() : http2.address();
        TestProxy.Builder builder = new TestProxy.Builder(transport, upstream, hops.config());
        builder.upstreamProtocol = protocol;
        builder.maxTotalConnections = 1;
        builder.maxPendingPerClient = share;
        builder.connectTimeout = Duration.ofSeconds(60);
        return builder;
    }

    private HttpWire hold(TestProxy proxy) throws Exception {
        return hold(proxy.connectFrom(HOLDER));
    }

    /** Returns once the upstream has the request. */
    private HttpWire hold(HttpWire client) throws Exception {
        int before = hanging();
        client.sendHead("GET /hang HTTP/1.1", "Host: a");
        Await.until(() -> hanging() > before);
        return client;
    }

    private int hanging() {
        return http1Hanging.get() + http2.hanging();
    }

    private static void leave(HttpWire client) throws IOException {
        client.socket().close();
    }

    private static HttpWire ask(HttpWire client) throws IOException {
        return client.sendHead("GET / HTTP/1.1", "Host: a");
    }

    private static HttpWire ask(HttpWire client, String set) throws IOException {
        return client.sendHead("GET / HTTP/1.1", "Host: a", "Packet-Traits: " + set);
    }

    private static String set(int number) {
        return TraitFieldCodec.encode(Traits.EMPTY.withInt(4, number)).toString();
    }

    private static HeaderBytes ipv6(String source) {
        return HeaderBytes.of(0x21, 0x21, source + "20010db8ffff00000000000000000001 1092 01bb");
    }

    private static void assertServed(HttpWire... clients) throws IOException {
        for (HttpWire client : clients) {
            String answer = client.readMessage();
            assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
        }
    }

    private static void assertRefused(String answer) {
        assertTrue(answer.startsWith("HTTP/1.1 503") && answer.contains("\nretry-after:"), answer);
    }
}
