// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;

/** The end of the pipeline of what one exchange at a time has of the upstream, a connection or a stream: tells it what happens there. */
abstract class ResponseHandler extends ChannelDuplexHandler {
    private Exchange exchange;
    private Throwable failure;

    final void begin(Exchange exchange) {
        this.exchange = exchange;
    }

    final void end() {
        exchange = null;
    }

    /** Whose it is, or {@code null}. */
    final Exchange exchange() {
        return exchange;
    }

    @Override
    public final void channelReadComplete(ChannelHandlerContext ctx) {
        if (exchange != null) {
            exchange.onResponseReadComplete();
        }
    }

    @Override
    public final void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (exchange != null && ctx.channel().isWritable()) {
            exchange.onUpstreamWritable();
        }
    }

    @Override
    public final void channelInactive(ChannelHandlerContext ctx) {
        fail(failure);
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(cause);
        ctx.close();
    }

    final void fail(Throwable cause) {
        failure = cause;
        if (exchange != null) {
            exchange.onUpstreamClosed(cause);
        }
    }
}
