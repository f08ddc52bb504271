// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.pkttraits.proxy.net.ClientConnections;
import io.pkttraits.proxy.net.ProgressTimer;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of a client's pipeline until it is known what the client speaks: closes a connection that does not say it in time. */
final class UndecidedConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(UndecidedConnection.class);

    private final Duration timeout;
    private final ClientConnections clients;
    private ProgressTimer timer;

    UndecidedConnection(Duration timeout, ClientConnections clients) {
        this.timeout = timeout;
        this.clients = clients;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (clients.isDraining()) {
            ctx.close();
            return;
        }
        timer = new ProgressTimer(ctx.executor(), timeout, () -> true, ctx::close);
        timer.start();
        ctx.read();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ClientConnections.DRAIN) {
            ctx.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        stopTimer();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        stopTimer();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("{}: closing the connection", ctx.channel().remoteAddress(), cause);
        ctx.close();
    }

    private void stopTimer() {
        if (timer != null) {
            timer.stop();
        }
    }
}
