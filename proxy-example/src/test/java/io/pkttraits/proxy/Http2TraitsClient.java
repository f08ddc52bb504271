// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.pkttraits.codec.Traits;
import io.pkttraits.transport.UpstreamTraits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** One HTTP/2 connection with traits, on which many requests may be in flight. */
final class Http2TraitsClient implements AutoCloseable {
    private final Channel connection;

    Http2TraitsClient(EventLoopGroup group, IoTransport transport, InetSocketAddress address, Traits traits)
            throws InterruptedException {
        connection = new Bootstrap()
                .group(group)
                .channel(transport.channel())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel ch) {
                        ch.pipeline()
                                .addLast(new UpstreamTraits(traits))
                                .addLast(Http2FrameCodecBuilder.forClient().build())
                                .addLast(new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
                    }
                })
                .connect(address)
                .sync()
                .channel();
    }

    /** Status code and content. */
    CompletableFuture<String> get() {
        CompletableFuture<String> response = new CompletableFuture<>();
        new Http2StreamChannelBootstrap(connection)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel stream) {
                        stream.pipeline()
                                .addLast(new Http2StreamFrameToHttpObjectCodec(false))
                                .addLast(new HttpObjectAggregator(1024))
                                .addLast(new Receiver(response));
                    }
                })
                .open()
                .addListener((io.netty.util.concurrent.Future<Channel> opened) -> {
                    if (!opened.isSuccess()) {
                        response.completeExceptionally(opened.cause());
                        return;
                    }
                    DefaultFullHttpRequest request =
                            new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
                    request.headers().set("host", "a");
                    opened.getNow().writeAndFlush(request);
                });
        return response;
    }

    @Override
    public void close() {
        connection.close().syncUninterruptibly();
    }

    private static final class Receiver extends SimpleChannelInboundHandler<FullHttpResponse> {
        private final CompletableFuture<String> done;

        Receiver(CompletableFuture<String> done) {
            this.done = done;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
            done.complete(response.status().code() + " " + response.content().toString(StandardCharsets.US_ASCII));
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            done.completeExceptionally(new IOException("the stream was closed"));
        }
    }
}
