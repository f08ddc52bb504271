// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.pkttraits.Traits;
import io.pkttraits.proxy.net.IoTransport;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

/** One HTTP/2 connection with traits, on which many requests may be in flight. */
final class Http2TraitsClient implements TraitsClient {
    private final Channel connection;

    Http2TraitsClient(EventLoopGroup group, IoTransport transport, InetSocketAddress address, Traits traits)
            throws InterruptedException {
        connection = TraitsClient.connect(
                group,
                transport,
                address,
                traits,
                Http2FrameCodecBuilder.forClient().build(),
                new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
    }

    CompletableFuture<String> get() {
        return get("/");
    }

    @Override
    public CompletableFuture<String> get(String path) {
        CompletableFuture<String> response = new CompletableFuture<>();
        new Http2StreamChannelBootstrap(connection)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel stream) {
                        stream.pipeline()
                                .addLast(new Http2StreamFrameToHttpObjectCodec(false))
                                .addLast(new HttpObjectAggregator(1024))
                                .addLast(new ResponseReceiver(response));
                    }
                })
                .open()
                .addListener((io.netty.util.concurrent.Future<Channel> opened) -> {
                    if (!opened.isSuccess()) {
                        response.completeExceptionally(opened.cause());
                        return;
                    }
                    ResponseReceiver.send(opened.getNow(), path, response);
                });
        return response;
    }

    @Override
    public void close() {
        connection.close().syncUninterruptibly();
    }
}
