// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.pkttraits.Traits;
import io.pkttraits.proxy.http3.Http3TraitsClient;
import io.pkttraits.proxy.net.IoTransport;
import io.pkttraits.proxy.net.ServerTls;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** One request of HTTP/3, its response, and how both end. */
@Timeout(60)
class Http3StreamTest {
    private EventLoopGroup group;
    private TestProxy proxy;
    private Http3TraitsClient client;

    private QuicChannel connect(IoTransport transport, ScriptedUpstream upstream) throws Exception {
        TestProxy.Builder builder = new TestProxy.Builder(transport, upstream.address());
        return connect(transport, builder);
    }

    private QuicChannel connect(IoTransport transport, TestProxy.Builder builder) throws Exception {
        builder.tlsH3 = ServerTls.selfSigned().quic();
        proxy = builder.start();
        group = new MultiThreadIoEventLoopGroup(1, transport.ioHandlers());
        client = new Http3TraitsClient(group, transport, proxy.addressH3());
        return client.connect(Traits.EMPTY);
    }

    @AfterEach
    void close() {
        client.close();
        proxy.close();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @EachTransport
    void interimResponsesAndTrailersComeThrough(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.answering(
                "HTTP/1.1 103 Early Hints",
                "Link: a",
                "",
                "HTTP/1.1 200 OK",
                "Transfer-Encoding: chunked",
                "",
                "5",
                "hello",
                "0",
                "X-Sum: 1",
                "",
                "")) {
            assertEquals("103 200 hello x-sum=1", answer(Http3TraitsClient.get(connect(transport, upstream))));
        }
    }

    @EachTransport
    void responseToHeadHasNoContent(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.answering("HTTP/1.1 200 OK", "Content-Length: 5", "", "")) {
            QuicChannel connection = connect(transport, upstream);
            assertEquals("200", answer(send(connection, Http3TraitsClient.head("HEAD", "/"))));
            assertTrue(upstream.next().startsWith("HEAD / HTTP/1.1\n"));
        }
    }

    @EachTransport
    void malformedRequestIsReset(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream =
                ScriptedUpstream.answering("HTTP/1.1 200 OK", "Content-Length: 5", "", "hello")) {
            QuicChannel connection = connect(transport, upstream);
            assertReset(send(connection, with(Http3TraitsClient.head("GET", "/"), "connection", "close")));
            assertReset(send(connection, with(Http3TraitsClient.head("GET", "/"), "transfer-encoding", "chunked")));
            assertReset(send(connection, with(Http3TraitsClient.head("GET", "/"), "te", "gzip")));
            assertReset(send(connection, with(Http3TraitsClient.head("GET", "/"), "host", "b")));
            assertReset(send(connection, Http3TraitsClient.head("GET", "/").scheme("ftp")));
            assertReset(send(connection, Http3TraitsClient.head("GET", "/a b")));
            assertTrue(upstream.sawNothing());
            assertEquals("200 hello", answer(Http3TraitsClient.get(connection)));
        }
    }

    @EachTransport
    void requestThatIsNotServedIsAnswered(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream =
                ScriptedUpstream.answering("HTTP/1.1 200 OK", "Content-Length: 5", "", "hello")) {
            QuicChannel connection = connect(transport, upstream);
            assertTrue(answer(send(connection, Http3TraitsClient.head("TRACE", "/")))
                    .startsWith("501 "));
            assertTrue(answer(send(connection, Http3TraitsClient.head("GET", "/" + "a".repeat(1100))))
                    .startsWith("414 "));
            assertTrue(upstream.sawNothing());
        }
    }

    @EachTransport
    void responseThatBreaksOffDoesNotLookComplete(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream((wire, connection) -> {
            wire.readMessage();
            wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 10").send("hello");
        })) {
            assertReset(Http3TraitsClient.get(connect(transport, upstream)));
        }
    }

    @EachTransport
    void resetRequestGivesItsUpstreamConnectionUp(IoTransport transport) throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CompletableFuture<String> end = new CompletableFuture<>();
        try (ScriptedUpstream upstream = new ScriptedUpstream((wire, connection) -> {
            wire.readHead();
            arrived.countDown();
            try {
                end.complete("read " + wire.socket().getInputStream().readAllBytes().length);
            } catch (java.io.IOException e) {
                end.complete("reset");
            }
        })) {
            QuicChannel connection = connect(transport, upstream);
            CompletableFuture<QuicStreamChannel> opened = new CompletableFuture<>();
            Http3TraitsClient.exchange(connection, stream -> {
                stream.writeAndFlush(new DefaultHttp3HeadersFrame(Http3TraitsClient.head("POST", "/")));
                stream.writeAndFlush(Http3TraitsClient.data("part"));
                opened.complete(stream);
            });
            QuicStreamChannel stream = opened.get(20, TimeUnit.SECONDS);
            arrived.await();
            stream.shutdown(0x10c, stream.newPromise());
            assertFalse(end.get(20, TimeUnit.SECONDS).isEmpty());
        }
    }

    @EachTransport
    void requestInFlightIsFinishedAsTheProxyEnds(IoTransport transport) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch ending = new CountDownLatch(1);
        try (ScriptedUpstream upstream = new ScriptedUpstream((wire, connection) -> {
            wire.readMessage();
            asked.countDown();
            ending.await();
            wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 5").send("hello");
        })) {
            QuicChannel connection = connect(transport, upstream);
            CompletableFuture<String> response = Http3TraitsClient.get(connection);
            asked.await();
            CompletableFuture<Boolean> drained =
                    CompletableFuture.supplyAsync(() -> proxy.shutDown(Duration.ofSeconds(20)));
            ending.countDown();
            assertEquals("200 hello", answer(response));
            assertTrue(drained.get(25, TimeUnit.SECONDS));
            assertTrue(connection.closeFuture().await(20, TimeUnit.SECONDS));
        }
    }

    @EachTransport
    void unusedConnectionIsClosed(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream =
                ScriptedUpstream.answering("HTTP/1.1 200 OK", "Content-Length: 5", "", "hello")) {
            TestProxy.Builder builder = new TestProxy.Builder(transport, upstream.address());
            builder.idleTimeout = Duration.ofSeconds(1);
            QuicChannel connection = connect(transport, builder);
            assertEquals("200 hello", answer(Http3TraitsClient.get(connection)));
            assertTrue(connection.closeFuture().await(20, TimeUnit.SECONDS));
        }
    }

    private static Http3Headers with(Http3Headers head, String name, String value) {
        return head.add(name, value);
    }

    private static CompletableFuture<String> send(QuicChannel connection, Http3Headers head) {
        return Http3TraitsClient.exchange(
                connection,
                stream -> stream.writeAndFlush(new DefaultHttp3HeadersFrame(head))
                        .addListener(QuicStreamChannel.SHUTDOWN_OUTPUT));
    }

    private static String answer(CompletableFuture<String> response) throws Exception {
        return response.get(20, TimeUnit.SECONDS);
    }

    private static void assertReset(CompletableFuture<String> response) {
        assertThrows(ExecutionException.class, () -> response.get(20, TimeUnit.SECONDS));
    }
}
