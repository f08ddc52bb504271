// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** Makes status code and content of one response. */
final class ResponseReceiver extends SimpleChannelInboundHandler<FullHttpResponse> {
    private final CompletableFuture<String> done;

    ResponseReceiver(CompletableFuture<String> done) {
        this.done = done;
    }

    /** Asks on a channel behind a codec of HTTP/1.1's messages. */
    static void send(Channel channel, String path, CompletableFuture<String> response) {
        DefaultFullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, path);
        request.headers().set("host", "a");
        channel.writeAndFlush(request).addListener(written -> {
            if (!written.isSuccess()) {
                response.completeExceptionally(written.cause());
            }
        });
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
        done.complete(response.status().code() + " " + response.content().toString(StandardCharsets.US_ASCII));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        done.completeExceptionally(new IOException("the connection or stream was closed"));
        ctx.fireChannelInactive();
    }
}
