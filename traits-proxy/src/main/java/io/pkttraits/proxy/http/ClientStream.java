// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import io.pkttraits.proxy.config.ProxyConfig;
import io.pkttraits.proxy.exchange.BadRequestException;
import io.pkttraits.proxy.exchange.Exchange;
import io.pkttraits.proxy.exchange.ExchangeClient;
import io.pkttraits.proxy.net.ProgressTimer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream that a client opened for one request, in a version of HTTP that has streams. Stands behind a codec that makes HTTP/1.1's
 * messages of frames, and a flow control that passes on one part for each read.
 *
 * <p>How a stream is broken off is the version's matter.
 */
public abstract class ClientStream extends ChannelInboundHandlerAdapter implements ExchangeClient {
    private static final Logger LOG = LoggerFactory.getLogger(ClientStream.class);

    private final RequestPath path;
    private final ProxyConfig.Limits limits;
    private final ChannelFutureListener failureListener = this::onWritten;
    private ChannelHandlerContext ctx;
    private RequestReader reader;
    private ProgressTimer timer;
    private Exchange current;
    private ChannelFuture lastWrite;
    private boolean begun;
    private boolean dropping;

    protected ClientStream(RequestPath path, ProxyConfig.Limits limits) {
        this.path = path;
        this.limits = limits;
    }

    /** As requests of these streams name it. */
    protected abstract String version();

    /** The response is complete, and what may be left of the request is not wanted. */
    protected abstract void stopRequest(ChannelHandlerContext ctx);

    /** Something is wrong on our side of the stream: the client must not take what it got for the whole response. */
    protected abstract void abort(ChannelHandlerContext ctx);

    /** {@code cause} came up the pipeline: what is wrong is with what the client sent, or within the proxy. */
    protected abstract void abort(ChannelHandlerContext ctx, Throwable cause);

    /** Drops whatever may still arrive. */
    final void drop() {
        dropping = true;
        readPart();
    }

    /** The client does not want the response any more. */
    final void onCancelled() {
        giveUp();
        drop();
    }

    @Override
    public final Channel channel() {
        return ctx.channel();
    }

    @Override
    public final void check(HttpRequest request) throws BadRequestException {
        RequestRules.checkStream(request, limits.maxInitialLine());
    }

    /** A stream has one request anyway; to open no more is for its connection to say. */
    @Override
    public final boolean isDraining() {
        return false;
    }

    @Override
    public final void readPart() {
        reader.want();
    }

    @Override
    public final ChannelFuture write(HttpObject part) {
        timer.progress();
        lastWrite = ctx.write(part).addListener(failureListener);
        return lastWrite;
    }

    @Override
    public final void onExchangeDone(boolean requestDone, boolean keepAlive) {
        current = null;
        timer.progress();
        ctx.flush();
        lastWrite.addListener(future -> {
            if (future.isSuccess() && channel().isActive()) {
                stopRequest(ctx);
                drop();
            }
        });
    }

    @Override
    public final void truncate(boolean visible) {
        current = null;
        abort(ctx);
    }

    @Override
    public final void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
        reader = new RequestReader(ctx);
        timer = new ProgressTimer(ctx.executor(), limits.idleTimeout(), this::isWaitingForClient, this::onIdle);
    }

    @Override
    public final void channelActive(ChannelHandlerContext ctx) {
        timer.start();
        readPart();
    }

    @Override
    public final void channelRead(ChannelHandlerContext ctx, Object msg) {
        timer.progress();
        reader.onPart();
        if (!begun && msg instanceof HttpRequest request) {
            begun = true;
            current = path.begin(this, request);
            if (current != null) {
                current.start();
            }
        } else if (current != null && msg instanceof HttpContent content) {
            current.onRequestContent(content);
        } else {
            ReferenceCountUtil.release(msg);
            if (dropping) {
                readPart();
            }
        }
    }

    @Override
    public final void channelReadComplete(ChannelHandlerContext ctx) {
        reader.onReadComplete();
    }

    @Override
    public final void channelWritabilityChanged(ChannelHandlerContext ctx) {
        timer.progress();
        if (current != null && ctx.channel().isWritable()) {
            current.onClientWritable();
        }
    }

    @Override
    public final void channelInactive(ChannelHandlerContext ctx) {
        timer.stop();
        giveUp();
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("{}: breaking off the stream", path.peer(), cause);
        if (!begun) {
            begun = true;
            path.refused(version());
        }
        giveUp();
        abort(ctx, cause);
    }

    private void giveUp() {
        if (current != null) {
            Exchange gone = current;
            current = null;
            gone.onClientGone();
        }
    }

    /** A part that the codec cannot carry over must not leave a response that waits for its end. */
    private void onWritten(ChannelFuture written) {
        if (!written.isSuccess() && channel().isActive()) {
            LOG.debug("{}: cannot write the response", path.peer(), written.cause());
            giveUp();
            abort(ctx);
        }
    }

    private boolean isWaitingForClient() {
        return current == null || current.isWaitingForClient();
    }

    private void onIdle() {
        if (current != null && channel().isWritable()) {
            current.onClientTimeout();
        } else {
            ctx.close();
        }
    }
}
