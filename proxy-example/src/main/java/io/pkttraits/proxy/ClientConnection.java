// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import io.pkttraits.codec.Traits;
import io.pkttraits.transport.SynTraits;
import io.pkttraits.transport.TraitsChannelPoolMap;
import io.pkttraits.transport.UpstreamKey;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's connection: serves its requests one after the other, each by an {@link Exchange}. It reads a request only when the
 * one before has been answered, so pipelined ones wait in the socket, and those of the last read in the flow control before it.
 *
 * <p>A client that closes or half-closes its connection is gone: what it had asked for is given up.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

    /** The user event that closes a connection as soon as no request is in flight, once the proxy ends. */
    static final Object DRAIN = new Object();

    private final ProxyServer server;
    private final ProxyConfig config;
    private ChannelHandlerContext ctx;
    private RequestReader reader;
    private SocketAddress peer;
    private String peerHost;
    private UpstreamKey key;
    private String traits;
    private TraitsChannelPoolMap pools;
    private ProgressTimer timer;
    private Exchange current;
    private ChannelFuture lastWrite;
    private boolean closing;

    ClientConnection(ProxyServer server) {
        this.server = server;
        this.config = server.config();
    }

    Channel channel() {
        return ctx.channel();
    }

    boolean isDraining() {
        return server.isDraining();
    }

    void readPart() {
        reader.want();
    }

    /** Without flushing, unless it ends an exchange. */
    ChannelFuture write(HttpObject part) {
        timer.progress();
        lastWrite = ctx.write(part);
        return lastWrite;
    }

    /**
     * The exchange has written its response.
     *
     * @param requestDone whether all of the request was read
     * @param keepAlive whether another one may follow
     */
    void onExchangeDone(boolean requestDone, boolean keepAlive) {
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

    /**
     * Closes the connection in the midst of a response.
     *
     * @param visible whether the client sees by the response's framing that something is missing; if not, it gets a reset
     */
    void truncate(boolean visible) {
        current = null;
        if (!visible) {
            channel().config().setOption(ChannelOption.SO_LINGER, 0);
        }
        closeWhenFlushed();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
        reader = new RequestReader(ctx);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        peer = ctx.channel().remoteAddress();
        peerHost = peer instanceof InetSocketAddress inet
                ? NetUtil.toAddressString(inet.getAddress())
                : String.valueOf(peer);
        Traits arrived = SynTraits.of(ctx.channel());
        Traits sent = config.forward().apply(arrived);
        traits = arrived.toString();
        key = new UpstreamKey(config.upstream(), sent);
        pools = server.pools().of(ctx.channel().eventLoop());
        timer = new ProgressTimer(
                ctx.executor(), config.limits().idleTimeout(), this::isWaitingForClient, this::onIdle);
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
        if (event == DRAIN && current == null && !closing) {
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
        if (timer != null) {
            timer.stop();
        }
        closing = true;
        if (current != null) {
            Exchange gone = current;
            current = null;
            gone.onClientGone();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("{}: closing the connection", peer, cause);
        ctx.close();
    }

    private boolean isWaitingForClient() {
        return current == null || current.isWaitingForClient();
    }

    private void onRequest(HttpRequest request) {
        ExchangeLog log = new ExchangeLog(peer, traits, request.method().name(), request.uri());
        try {
            RequestRules.check(request);
        } catch (BadRequestException e) {
            ReferenceCountUtil.release(request);
            LOG.debug("{}: {}: {}", peer, e.status(), AccessLog.escape(e.getMessage()));
            refuse(e, log);
            return;
        }
        RequestHead head = RequestHead.of(request, peerHost, server.upstreamAuthority());
        current = new Exchange(this, head, new UpstreamLease(pools, key), log, config.limits());
        current.start();
    }

    private void refuse(BadRequestException e, ExchangeLog log) {
        FullHttpResponse response = ErrorResponse.of(e.status(), ctx.alloc());
        response.headers().set("connection", "close");
        log.responding(e.status());
        log.responded(response.content().readableBytes());
        log.endWith(write(response));
        ctx.flush();
        linger();
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
