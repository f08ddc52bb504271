// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.upstream;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;

/** The last handler of an upstream channel, which serves one request at a time: passes what happens there to the request's listener. */
abstract class ResponseHandler extends ChannelDuplexHandler {
    private ResponseListener listener;
    private Throwable failure;

    final void begin(ResponseListener listener) {
        this.listener = listener;
    }

    final void end() {
        listener = null;
    }

    /** The listener of the request that is in flight; {@code null} if there is none. */
    final ResponseListener listener() {
        return listener;
    }

    @Override
    public final void channelReadComplete(ChannelHandlerContext ctx) {
        if (listener != null) {
            listener.onResponseReadComplete();
        }
    }

    @Override
    public final void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (listener != null && ctx.channel().isWritable()) {
            listener.onUpstreamWritable();
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
        if (listener != null) {
            listener.onUpstreamClosed(cause);
        }
    }
}
