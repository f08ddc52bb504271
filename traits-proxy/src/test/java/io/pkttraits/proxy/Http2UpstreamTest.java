// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.pkttraits.Traits;
import io.pkttraits.proxy.config.UpstreamProtocol;
import io.pkttraits.proxy.net.IoTransport;
import io.pkttraits.transport.PacketTraits;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that go on by HTTP/2: many on a connection, and all of them with the traits of its SYN. */
@Timeout(120)
@OnEachTransport
class Http2UpstreamTest {
    private static final Traits TRAITS =
            Traits.builder().putInt(4, 12345).putFlag(9).build();

    @Parameter
    IoTransport transport;

    private EventLoopGroup group;

    @BeforeAll
    static void carrier() {
        PacketTraits.ensureAvailability();
    }

    @BeforeEach
    void start() {
        group = new MultiThreadIoEventLoopGroup(1, transport.ioHandlers());
    }

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void requestsOfOneSetShareAConnection() throws Exception {
        try (Http2Upstream upstream = new Http2Upstream(transport, 100);
                TestProxy proxy = builder(upstream).start();
                Http2TraitsClient client = new Http2TraitsClient(group, transport, proxy.address(), TRAITS);
                Http2TraitsClient other = new Http2TraitsClient(group, transport, proxy.address(), TRAITS)) {
            List<CompletableFuture<String>> answers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                answers.add((i % 2 == 0 ? client : other).get());
                if (i % 50 == 49) {
                    awaitAll(answers);
                }
            }
            assertEquals(1, upstream.connections());
            for (CompletableFuture<String> answer : answers) {
                assertEquals("200 0 " + TRAITS, answer.get(20, TimeUnit.SECONDS));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void upstreamsBoundOnStreamsIsKept(int maxStreams) throws Exception {
        try (Http2Upstream upstream = new Http2Upstream(transport, maxStreams)) {
            TestProxy.Builder builder = builder(upstream);
            builder.maxConnections = 2;
            try (TestProxy proxy = builder.start();
                    Http2TraitsClient client = new Http2TraitsClient(group, transport, proxy.address(), TRAITS)) {
                List<CompletableFuture<String>> answers = new ArrayList<>();
                for (int i = 0; i < 60; i++) {
                    answers.add(client.get());
                }
                for (CompletableFuture<String> answer : answers) {
                    String text = answer.get(20, TimeUnit.SECONDS);
                    assertTrue(text.startsWith("200 ") && text.endsWith(TRAITS.toString()), text);
                }
                assertTrue(upstream.mostStreams() <= 2 * maxStreams, () -> "streams: " + upstream.mostStreams());
            }
        }
    }

    @Test
    void setsNeverMixAndTheBoundIsKept() throws Exception {
        Random random = new Random(11);
        Map<String, String> openedFor = new HashMap<>();
        try (Http2Upstream upstream = new Http2Upstream(transport, 8)) {
            TestProxy.Builder builder = builder(upstream);
            builder.maxTotalConnections = 3;
            builder.maxPending = 200;
            try (TestProxy proxy = builder.start()) {
                List<Http2TraitsClient> clients = new ArrayList<>();
                List<Traits> sets = new ArrayList<>();
                for (int i = 0; i < 12; i++) {
                    sets.add(Traits.EMPTY.withInt(4, i));
                    clients.add(new Http2TraitsClient(group, transport, proxy.address(), sets.get(i)));
                }
                for (int round = 0; round < 5; round++) {
                    List<Integer> asked = new ArrayList<>();
                    List<CompletableFuture<String>> answers = new ArrayList<>();
                    for (int i = 0; i < 100; i++) {
                        asked.add(random.nextInt(clients.size()));
                        answers.add(clients.get(asked.get(i)).get());
                    }
                    for (int i = 0; i < 100; i++) {
                        String[] answer =
                                answers.get(i).get(20, TimeUnit.SECONDS).split(" ", 3);
                        assertEquals("200", answer[0]);
                        assertEquals(sets.get(asked.get(i)).toString(), answer[2]);
                        assertEquals(answer[2], openedFor.computeIfAbsent(answer[1], number -> answer[2]));
                    }
                }
                assertTrue(upstream.mostStreams() <= 3 * 8, () -> "streams: " + upstream.mostStreams());
                clients.forEach(Http2TraitsClient::close);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"refuse", "goaway"})
    void requestThatTheUpstreamDidNotSeeIsSentAgain(String how) throws Exception {
        assertEquals("HTTP/1.1 200 OK", get("/once/" + how));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/reset", "/close", "/refuse", "/goaway"})
    void brokenStreamIs502(String path) throws Exception {
        assertEquals("HTTP/1.1 502 Bad Gateway", get(path));
    }

    @Test
    void connectionThatWasUsedBeforeAndIsLostIsReplaced() throws Exception {
        try (Http2Upstream upstream = new Http2Upstream(transport, 100);
                TestProxy proxy = builder(upstream).start();
                HttpWire wire = proxy.connect()) {
            assertTrue(ask(wire, "/").endsWith("\n0 {}"));
            assertTrue(ask(wire, "/once/close").endsWith("\n1 {}"));
        }
    }

    @Test
    void upstreamThatDoesNotAnswerIs504AndOthersGoOn() throws Exception {
        try (Http2Upstream upstream = new Http2Upstream(transport, 100)) {
            TestProxy.Builder builder = builder(upstream);
            builder.responseTimeout = Duration.ofSeconds(1);
            try (TestProxy proxy = builder.start();
                    HttpWire hanging = proxy.connect();
                    HttpWire wire = proxy.connect()) {
                hanging.sendHead("GET /hang HTTP/1.1", "Host: a");
                assertTrue(ask(wire, "/").endsWith("\n0 {}"));
                assertTrue(hanging.readHead().startsWith("HTTP/1.1 504 "));
                assertTrue(ask(wire, "/").endsWith("\n0 {}"));
                assertEquals(1, upstream.connections());
            }
        }
    }

    @Test
    void halfOfAResponseIsNoneForTheClient() throws Exception {
        try (Http2Upstream upstream = new Http2Upstream(transport, 100);
                TestProxy proxy = builder(upstream).start();
                HttpWire wire = proxy.connect()) {
            wire.sendHead("GET /part HTTP/1.1", "Host: a");
            assertThrows(EOFException.class, wire::readMessage);
        }
    }

    @Test
    void upstreamThatSpeaksNoHttp2Is502() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.answering("HTTP/1.1 200 OK", "Content-Length: 0", "")) {
            TestProxy.Builder builder = new TestProxy.Builder(transport, upstream.address());
            builder.upstreamProtocol = UpstreamProtocol.H2C;
            try (TestProxy proxy = builder.start();
                    HttpWire wire = proxy.connect()) {
                assertTrue(ask(wire, "/").startsWith("HTTP/1.1 502 "));
            }
        }
    }

    @Test
    void contentInterimResponsesAndTrailersPass() throws Exception {
        try (Http2Upstream upstream = new Http2Upstream(transport, 100);
                TestProxy proxy = builder(upstream).start();
                HttpWire wire = proxy.connect()) {
            String content = "x".repeat(300_000);
            Thread sender = new Thread(() -> sendContent(wire, content));
            sender.start();
            String echo = wire.readMessage();
            sender.join();
            assertTrue(echo.startsWith("HTTP/1.1 200 OK\n") && echo.endsWith("\n" + content));
            wire.sendHead("GET /interim HTTP/1.1", "Host: a");
            assertEquals("HTTP/1.1 103 Early Hints\nlink: </a>\n", wire.readHead());
            String last = wire.readMessage();
            assertTrue(last.startsWith("HTTP/1.1 200 OK\n") && last.endsWith("\ncontent\nx-trailer: t"), last);
            String empty = ask(wire, "/empty");
            assertTrue(empty.contains("\ncontent-length: 0\n"), empty);
            wire.sendHead("HEAD / HTTP/1.1", "Host: a");
            String head = wire.readHead();
            assertTrue(head.startsWith("HTTP/1.1 200 OK\n") && head.contains("\ncontent-length: 4\n"), head);
            assertTrue(head.contains("\nvia: 2.0 traits-proxy\n"), head);
            assertTrue(ask(wire, "/").endsWith("\n0 {}"));
        }
    }

    private static void sendContent(HttpWire wire, String content) {
        try {
            wire.sendHead("POST /echo HTTP/1.1", "Host: a", "Content-Length: " + content.length())
                    .send(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String get(String path) throws Exception {
        try (Http2Upstream upstream = new Http2Upstream(transport, 100);
                TestProxy proxy = builder(upstream).start();
                HttpWire wire = proxy.connect()) {
            return ask(wire, path).lines().findFirst().orElse("");
        }
    }

    private static String ask(HttpWire wire, String path) throws Exception {
        return wire.sendHead("GET " + path + " HTTP/1.1", "Host: a").readMessage();
    }

    private TestProxy.Builder builder(Http2Upstream upstream) {
        TestProxy.Builder builder = new TestProxy.Builder(transport, upstream.address());
        builder.upstreamProtocol = UpstreamProtocol.H2C;
        builder.connectTimeout = Duration.ofSeconds(60);
        return builder;
    }

    private static void awaitAll(List<CompletableFuture<String>> answers) throws Exception {
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
    }
}
