// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.example.demo;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** Completes with what the clients print of response {@code number}: each line as {@code N= LINE}, then {@code N: STATUS}. */
final class DemoReceiver extends SimpleChannelInboundHandler<FullHttpResponse> {
    private final int number;
    private final CompletableFuture<String> done;

    DemoReceiver(int number, CompletableFuture<String> done) {
        this.number = number;
        this.done = done;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
        StringBuilder lines = new StringBuilder();
        response.content()
                .toString(StandardCharsets.US_ASCII)
                .lines()
                .forEach(line -> lines.append(number).append("= ").append(line).append('\n'));
        done.complete(lines + (number + ": " + response.status().code() + "\n"));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        done.completeExceptionally(new IOException("the proxy closed the connection of set " + number));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        done.completeExceptionally(cause);
        ctx.close();
    }
}
