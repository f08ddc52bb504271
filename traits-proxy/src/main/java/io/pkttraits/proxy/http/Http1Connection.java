// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.pkttraits.proxy.exchange.BadRequestException;
import io.pkttraits.proxy.exchange.Exchange;
import io.pkttraits.proxy.exchange.ExchangeClient;
import io.pkttraits.proxy.hop.ClientOrigin;
import io.pkttraits.proxy.net.ClientConnections;
import io.pkttraits.proxy.net.LingeringClose;
import io.pkttraits.proxy.net.ProgressTimer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's connection that speaks HTTP/1: serves its requests one after the other, each by an {@link Exchange}. It reads a request only when the
 * one before has been answered, so pipelined ones wait in the socket, and those of the last read in the flow control before it.
 *
 * <p>A client that closes or half-closes its connection is gone: what it had asked for is given up.
 */
final class Http1Connection extends ChannelInboundHandlerAdapter implements ExchangeClient {
    private static final Logger LOG = LoggerFactory.getLogger(Http1Connection.class);

    private final ConnectionContext context;
    private ChannelHandlerContext ctx;
    private RequestReader reader;
    private RequestPath path;
    private ProgressTimer timer;
    private Exchange current;
    private ChannelFuture lastWrite;
    private boolean closing;

    Http1Connection(ConnectionContext context) {
        this.context = context;
    }

    @Override
    public Channel channel() {
        return ctx.channel();
    }

    @Override
    public void check(HttpRequest request) throws BadRequestException {
        RequestRules.check(request);
    }

    @Override
    public boolean isDraining() {
        return context.clients().isDraining();
    }

    @Override
    public void readPart() {
        reader.want();
    }

    @Override
    public ChannelFuture write(HttpObject part) {
        timer.progress();
        lastWrite = ctx.write(part);
        return lastWrite;
    }

    @Override
    public void onExchangeDone(boolean requestDone, boolean keepAlive) {
        ctx.flush();
        current = null;
        timer.progress();
        if (keepAlive && requestDone && !isDraining()) {
            readPart();
        } else if (requestDone) {
            closeWhenFlushed();
        } else {
            linger();
        }
    }

    /** A client that could not see that something is missing gets a reset, and no TLS that is closed properly. */
    @Override
    public void truncate(boolean visible) {
        current = null;
        if (visible) {
            closeWhenFlushed();
            return;
        }
        closing = true;
        channel().config().setOption(ChannelOption.SO_LINGER, 0);
        ChannelHandlerContext tls = ctx.pipeline().context(SslHandler.class);
        ctx.flush();
        lastWrite.addListener(future -> (tls == null ? ctx : tls).close());
    }

    /** The connection is active already: which version it speaks is known by what it has said. */
    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
        Channel channel = ctx.channel();
        reader = new RequestReader(ctx);
        ClientOrigin origin = ClientOrigin.of(channel);
        path = new RequestPath(
                context, channel, "HTTP/1.1", ClientFacts.of(channel, origin), origin, channel.remoteAddress());
        timer = new ProgressTimer(
                ctx.executor(), context.config().limits().idleTimeout(), this::isWaitingForClient, this::onIdle);
        timer.start();
        if (isDraining()) {
            closeWhenFlushed();
        } else {
            readPart();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        timer.progress();
        reader.onPart();
        if (closing) {
            ReferenceCountUtil.release(msg);
            readPart();
        } else if (msg instanceof HttpRequest request) {
            onRequest(request);
        } else if (current != null) {
            current.onRequestContent((HttpContent) msg);
        } else {
            ReferenceCountUtil.release(msg);
            readPart();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        reader.onReadComplete();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslCloseCompletionEvent) {
            ctx.close();
        } else if (event == ClientConnections.DRAIN && current == null && !closing) {
            closeWhenFlushed();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        timer.progress();
        if (current != null && ctx.channel().isWritable()) {
            current.onClientWritable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        timer.stop();
        closing = true;
        if (current != null) {
            Exchange gone = current;
            current = null;
            gone.onClientGone();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("{}: closing the connection", path.peer(), cause);
        ctx.close();
    }

    private boolean isWaitingForClient() {
        return current == null || current.isWaitingForClient();
    }

    private void onRequest(HttpRequest request) {
        current = path.begin(this, request);
        if (current != null) {
            current.start();
        }
    }

    private void onIdle() {
        if (current != null && channel().isWritable()) {
            current.onClientTimeout();
        } else {
            ctx.close();
        }
    }

    private void closeWhenFlushed() {
        closing = true;
        ctx.flush();
        if (lastWrite == null) {
            ctx.close();
        } else {
            lastWrite.addListener(ChannelFutureListener.CLOSE);
        }
    }

    /** Closes in such a way that a client that is still sending gets to see the response. */
    private void linger() {
        closing = true;
        lastWrite.addListener(new LingeringClose());
        readPart();
    }
}
