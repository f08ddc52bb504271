// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.pkttraits.Traits;
import io.pkttraits.transport.quic.QuicTraits;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One call for a connection's traits; QUIC's channels are asked in {@code QuicReport}. */
@Tag("netty-4.2")
@Tag("test-kernel")
final class PacketTraitsOfTest {
    private static final Traits TRAITS = Traits.EMPTY.withInt(4, 12345);

    static Iterable<TestTransport> transports() {
        return TestTransport.all();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void acceptedTcpConnectionHasThoseOfItsSynAndTheConnectingOneNone(TestTransport transport) throws Exception {
        try (TestServer server =
                new TestServer(transport, Family.IPV4, bootstrap -> bootstrap.handler(new SynTraitsHandler()))) {
            Channel client = server.connect(new ConnectTraitsHandler(TRAITS));
            assertEquals(TRAITS, PacketTraits.of(server.nextAccepted()));
            assertEquals(Traits.EMPTY, PacketTraits.of(client));
            assertEquals(Traits.EMPTY, PacketTraits.of(server.listener()));
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void http2StreamHasThoseOfItsConnection(TestTransport transport) throws Exception {
        BlockingQueue<Traits> seen = new LinkedBlockingQueue<>();
        ChannelHandler stream = new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                seen.add(PacketTraits.of(channel));
            }
        };
        ChannelHandler connection = new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline()
                        .addLast(Http2FrameCodecBuilder.forServer().build(), new Http2MultiplexHandler(stream));
            }
        };
        try (TestServer server = new TestServer(
                transport,
                Family.IPV4,
                bootstrap -> bootstrap.handler(new SynTraitsHandler()).childHandler(connection))) {
            Channel client = server.connect(
                    new ConnectTraitsHandler(TRAITS),
                    Http2FrameCodecBuilder.forClient().build(),
                    new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
            for (int i = 0; i < 3; i++) {
                Http2StreamChannel opened = new Http2StreamChannelBootstrap(client)
                        .handler(new ChannelInboundHandlerAdapter())
                        .open()
                        .sync()
                        .getNow();
                opened.writeAndFlush(new DefaultHttp2HeadersFrame(
                                new DefaultHttp2Headers()
                                        .method("GET")
                                        .scheme("http")
                                        .path("/"),
                                true))
                        .sync();
                assertEquals(TRAITS, seen.poll(20, TimeUnit.SECONDS));
            }
        }
    }

    @Test
    void anyOtherChannelHasNone() {
        assertEquals(Traits.EMPTY, PacketTraits.of(new EmbeddedChannel()));
        assertEquals(Traits.EMPTY, QuicTraits.opening(new EmbeddedChannel()));
        assertEquals(Traits.EMPTY, QuicTraits.latest(new EmbeddedChannel()));
        assertEquals(Traits.EMPTY, QuicTraits.outgoing(new EmbeddedChannel()));
    }
}
