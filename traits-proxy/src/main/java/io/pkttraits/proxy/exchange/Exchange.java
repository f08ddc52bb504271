// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.exchange;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.pkttraits.proxy.config.ProxyConfig;
import io.pkttraits.proxy.log.AccessLog;
import io.pkttraits.proxy.net.ProgressTimer;
import io.pkttraits.proxy.upstream.ResponseListener;
import io.pkttraits.proxy.upstream.UpstreamFailure;
import io.pkttraits.proxy.upstream.UpstreamLease;
import io.pkttraits.transport.ConnectTraitsHandler;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its response. Content is written on as it arrives, and a side is only read from while the other can be
 * written to, so no more than one read's worth of it waits in the proxy in either direction.
 *
 * <p>Confined to the event loop that both channels are on.
 */
public final class Exchange implements ResponseListener {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private final ExchangeClient client;
    private final RequestHead request;
    private final UpstreamLease lease;
    private final ProgressTimer responseTimer;
    private final ExchangeLog log;

    private ResponseHead response;
    private boolean requestDone;
    private boolean informational;
    private boolean continued;
    private boolean ended;

    public Exchange(
            ExchangeClient client,
            RequestHead request,
            UpstreamLease lease,
            ExchangeLog log,
            ProxyConfig.Limits limits) {
        this.client = client;
        this.request = request;
        this.lease = lease;
        this.log = log;
        responseTimer = new ProgressTimer(
                client.channel().eventLoop(),
                limits.responseTimeout(),
                this::isWaitingForUpstream,
                this::onResponseTimeout);
    }

    /** Takes a connection and sends the request. */
    public void start() {
        lease.acquire(this::onConnected, this::onNotConnected);
    }

    public boolean isWaitingForClient() {
        return !client.channel().isWritable()
                || (!requestDone && lease.isHeld() && lease.channel().isWritable());
    }

    private boolean isWaitingForUpstream() {
        return client.channel().isWritable() && (requestDone || !lease.channel().isWritable());
    }

    private void onConnected(Channel upstream) {
        if (ended) {
            lease.release();
            return;
        }
        log.forwarded(ConnectTraitsHandler.sentOn(upstream));
        lease.begin(this, request.method().equals(HttpMethod.HEAD));
        responseTimer.start();
        upstream.write(request.outgoing()).addListener(future -> onWritten(upstream, future.cause()));
        upstream.read();
        if (requestDone) {
            upstream.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
            return;
        }
        if (request.hasBody()) {
            upstream.flush();
        }
        client.readPart();
    }

    private void onNotConnected(Throwable cause) {
        if (!ended) {
            fail(UpstreamFailure.statusOf(cause), String.valueOf(cause.getMessage()));
        }
    }

    /** A failure of the socket shows in the read, perhaps behind a response; another one shows here alone. */
    private void onWritten(Channel upstream, Throwable cause) {
        if (cause != null
                && !(cause instanceof IOException)
                && !ended
                && lease.isHeld()
                && lease.channel() == upstream) {
            onUpstreamClosed(cause);
        }
    }

    /** Takes over {@code content} of the request. */
    public void onRequestContent(HttpContent content) {
        if (ended || !lease.isHeld()) {
            content.release();
            return;
        }
        if (content.decoderResult().isFailure()) {
            content.release();
            fail(
                    HttpResponseStatus.BAD_REQUEST,
                    "request content: " + content.decoderResult().cause());
            return;
        }
        responseTimer.progress();
        Channel upstream = lease.channel();
        if (content instanceof LastHttpContent last) {
            requestDone = true;
            HopByHop.stripTrailers(last.trailingHeaders());
        }
        upstream.writeAndFlush(content);
        if (!requestDone && !ended && upstream.isWritable()) {
            client.readPart();
        }
    }

    @Override
    public void onUpstreamWritable() {
        responseTimer.progress();
        if (!requestDone && !ended) {
            client.readPart();
        }
    }

    public void onClientWritable() {
        responseTimer.progress();
        if (!ended && lease.isHeld()) {
            lease.channel().read();
        }
    }

    @Override
    public void onResponse(HttpObject part) {
        responseTimer.progress();
        if (part.decoderResult().isFailure()) {
            ReferenceCountUtil.release(part);
            onBadResponse("response: " + part.decoderResult().cause());
            return;
        }
        if (part instanceof HttpResponse head) {
            onResponseHead(head);
        }
        if (part instanceof HttpContent content) {
            onResponseContent(content);
        }
    }

    @Override
    public void onResponseReadComplete() {
        if (ended) {
            return;
        }
        client.channel().flush();
        if (client.channel().isWritable()) {
            lease.channel().read();
        }
    }

    @Override
    public void onUpstreamClosed(Throwable cause) {
        if (ended) {
            return;
        }
        String reason = "upstream closed the connection" + (cause == null ? "" : ": " + cause);
        if (response != null || !lease.isStale() || !request.isRepeatable()) {
            onBadResponse(reason);
            return;
        }
        LOG.debug("{}; trying a fresh connection", AccessLog.escape(reason));
        responseTimer.stop();
        lease.replace(this::onConnected, this::onNotConnected);
    }

    /** The client has closed, or is given up. */
    public void onClientGone() {
        if (!ended) {
            end();
            lease.discard();
            log.end(AccessLog.End.CLIENT);
        }
    }

    /** The client sends nothing, or takes nothing, for too long. */
    public void onClientTimeout() {
        if (response == null) {
            fail(HttpResponseStatus.REQUEST_TIMEOUT, "the client sent nothing for too long");
        } else {
            client.channel().close();
        }
    }

    private void onResponseTimeout() {
        if (response == null) {
            fail(HttpResponseStatus.GATEWAY_TIMEOUT, "the upstream did not answer in time");
        } else {
            onBadResponse("the upstream did not go on with its response in time");
        }
    }

    private void onResponseHead(HttpResponse head) {
        if (head.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
            onInformational(head);
            return;
        }
        ResponseHead rewritten = ResponseHead.of(head, request);
        if (rewritten == null) {
            onBadResponse("response: a transfer coding other than chunked");
            return;
        }
        response = rewritten;
        boolean unsent = request.expectsContinue() && !continued && !requestDone;
        response.setKeepAlive(canKeepAlive() && !unsent, request);
        log.responding(head.status());
        client.write(response.outgoing());
    }

    private void onInformational(HttpResponse head) {
        if (head.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
            onBadResponse("response: 101 without having been asked");
            return;
        }
        informational = true;
        continued |= head.status().equals(HttpResponseStatus.CONTINUE);
        if (!request.isHttp10()) {
            client.write(InterimResponse.of(head));
        }
    }

    private void onResponseContent(HttpContent content) {
        if (ended || informational || response == null) {
            informational &= !(content instanceof LastHttpContent);
            content.release();
            return;
        }
        if (response.empty()) {
            content.content().skipBytes(content.content().readableBytes());
        }
        log.responded(content.content().readableBytes());
        if (!(content instanceof LastHttpContent last)) {
            client.write(content);
            return;
        }
        HopByHop.stripTrailers(last.trailingHeaders());
        end();
        log.endWith(client.write(last));
        if (requestDone && response.upstreamReusable()) {
            lease.release();
        } else {
            lease.discard();
        }
        client.onExchangeDone(requestDone, canKeepAlive() && HttpUtil.isKeepAlive(response.outgoing()));
    }

    private boolean canKeepAlive() {
        return request.keepAlive() && response.selfDelimited() && !client.isDraining();
    }

    private void onBadResponse(String reason) {
        if (response == null) {
            fail(HttpResponseStatus.BAD_GATEWAY, reason);
            return;
        }
        end();
        lease.discard();
        LOG.warn("{} {}: {}", request.method(), log.uri(), AccessLog.escape(reason));
        log.end(AccessLog.End.TRUNCATED);
        client.truncate(response.selfDelimited());
    }

    private void fail(HttpResponseStatus status, String reason) {
        if (response != null) {
            onBadResponse(reason);
            return;
        }
        end();
        lease.discard();
        if (status.code() >= 500) {
            LOG.warn("{} {}: {}: {}", request.method(), log.uri(), status.code(), AccessLog.escape(reason));
        }
        FullHttpResponse error =
                ErrorResponse.of(status, request.method(), client.channel().alloc());
        log.responding(status);
        log.responded(error.content().readableBytes());
        boolean complete = requestDone || !request.hasBody();
        boolean keepAlive = complete && request.keepAlive() && HttpUtil.isKeepAlive(error) && !client.isDraining();
        HttpUtil.setKeepAlive(error.headers(), request.version(), keepAlive);
        log.endWith(client.write(error));
        client.onExchangeDone(complete, keepAlive);
    }

    private void end() {
        ended = true;
        responseTimer.stop();
    }
}
