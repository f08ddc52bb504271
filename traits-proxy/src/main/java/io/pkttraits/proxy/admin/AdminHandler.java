// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.admin;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the one request of a connection, if it comes in time. */
final class AdminHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);
    private static final long REQUEST_SECONDS = 10;
    private static final String SCRIPT = resource("live.js");
    private static final String STYLE = resource("style.css");

    private final AdminSource source;
    private final EventStreams events;
    private final boolean onLoopback;
    private ScheduledFuture<?> deadline;

    /** @param onLoopback whether only this host can connect */
    AdminHandler(AdminSource source, EventStreams events, boolean onLoopback) {
        this.source = source;
        this.onLoopback = onLoopback;
        this.events = events;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        deadline = ctx.executor().schedule(() -> ctx.close(), REQUEST_SECONDS, TimeUnit.SECONDS);
        ctx.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        deadline.cancel(false);
        ctx.fireChannelInactive();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        if (!deadline.cancel(false)) {
            return; // of a client that goes on behind its one request
        }
        FullHttpResponse refusal = refusal(request);
        if (refusal == null
                && path(request).equals("/events")
                && request.method().equals(HttpMethod.GET)) {
            stream(ctx);
            return;
        }
        ctx.writeAndFlush(refusal == null ? answer(request) : refusal).addListener(ChannelFutureListener.CLOSE);
    }

    private static String path(FullHttpRequest request) {
        int query = request.uri().indexOf('?');
        return query < 0 ? request.uri() : request.uri().substring(0, query);
    }

    private void stream(ChannelHandlerContext ctx) {
        if (!events.add(ctx.channel())) {
            ctx.writeAndFlush(AdminResponses.text(HttpResponseStatus.SERVICE_UNAVAILABLE, "too many live views"))
                    .addListener(ChannelFutureListener.CLOSE);
            return;
        }
        ctx.writeAndFlush(AdminResponses.stream());
        events.send();
    }

    /** What is said to a request whose path is not even looked at; {@code null} to any other. */
    private FullHttpResponse refusal(FullHttpRequest request) {
        if (!request.decoderResult().isSuccess()) {
            return AdminResponses.text(HttpResponseStatus.BAD_REQUEST, "bad request");
        }
        boolean reads =
                request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
        if (!reads) {
            FullHttpResponse refusal = AdminResponses.text(HttpResponseStatus.METHOD_NOT_ALLOWED, "GET or HEAD");
            refusal.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
            return refusal;
        }
        if (onLoopback && !AdminHost.isLocal(request.headers())) {
            return AdminResponses.text(
                    HttpResponseStatus.FORBIDDEN, "on a loopback address: ask by IP address, or as localhost");
        }
        return null;
    }

    private FullHttpResponse answer(FullHttpRequest request) {
        return switch (path(request)) {
            case "/" ->
                AdminResponses.full(HttpResponseStatus.OK, "text/html; charset=utf-8", LivePage.page(source.view()));
            case "/live.js" -> AdminResponses.full(HttpResponseStatus.OK, "text/javascript; charset=utf-8", SCRIPT);
            case "/style.css" -> AdminResponses.full(HttpResponseStatus.OK, "text/css; charset=utf-8", STYLE);
            case "/metrics" ->
                AdminResponses.full(HttpResponseStatus.OK, "text/plain; version=0.0.4; charset=utf-8", source.scrape());
            case "/healthz" ->
                source.isDraining()
                        ? AdminResponses.text(HttpResponseStatus.SERVICE_UNAVAILABLE, "draining")
                        : AdminResponses.text(HttpResponseStatus.OK, "ok");
            case "/events" -> AdminResponses.full(HttpResponseStatus.OK, "text/event-stream", "");
            default -> AdminResponses.text(HttpResponseStatus.NOT_FOUND, "not found");
        };
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("{}: closing the admin connection", ctx.channel().remoteAddress(), cause);
        ctx.close();
    }

    private static String resource(String name) {
        try (InputStream in = AdminHandler.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
