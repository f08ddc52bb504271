// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import io.pkttraits.codec.Traits;
import io.pkttraits.transport.ConnectionFacts;
import io.pkttraits.transport.TraitsConflictException;
import io.pkttraits.transport.TraitsPolicy;
import io.pkttraits.transport.UpstreamKey;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of all requests of one client connection, whatever version of HTTP it speaks: who asks, and with which traits, is the same
 * for each.
 */
final class RequestPath {
    private static final Logger LOG = LoggerFactory.getLogger(RequestPath.class);

    private final ProxyServer server;
    private final SocketAddress peer;
    private final String peerHost;
    private final Traits traits;
    /** Why the policy refuses the client, or {@code null}. */
    private final String conflict;

    private final UpstreamKey key;
    private final EventLoop loop;

    /**
     * Chooses the pool for a client.
     *
     * @param loop that of the client's connection, and so of its upstream connections
     * @param client what is known of the client's connection
     * @param arrived the traits that it came with
     */
    RequestPath(ProxyServer server, EventLoop loop, ConnectionFacts client, Traits arrived) {
        this.server = server;
        peer = client.peer();
        peerHost = peer instanceof InetSocketAddress inet
                ? NetUtil.toAddressString(inet.getAddress())
                : String.valueOf(peer);
        TraitsPolicy policy = server.config().policy();
        traits = policy.accept(client.peer(), arrived);
        Traits forwarded = Traits.EMPTY;
        String clash = null;
        try {
            forwarded = policy.ofConnection(policy.forward(client, traits));
        } catch (TraitsConflictException e) {
            clash = e.getMessage();
        }
        conflict = clash;
        key = new UpstreamKey(server.config().upstream(), forwarded);
        this.loop = loop;
    }

    SocketAddress peer() {
        return peer;
    }

    /** Takes a request's head over. Returns its exchange, to be started, or {@code null} if it was refused and answered. */
    Exchange begin(ExchangeClient client, HttpRequest request) {
        server.traffic().begin(client.channel());
        ExchangeLog log = new ExchangeLog(
                server,
                peer,
                traits,
                request.method().name(),
                request.uri(),
                request.protocolVersion().text());
        try {
            client.check(request);
            if (conflict != null) {
                throw new BadRequestException(HttpResponseStatus.FORBIDDEN, conflict);
            }
        } catch (BadRequestException e) {
            ReferenceCountUtil.release(request);
            LOG.debug("{}: {}: {}", peer, e.status(), AccessLog.escape(e.getMessage()));
            refuse(client, request, e, log);
            return null;
        }
        RequestHead head = RequestHead.of(request, peerHost, server.upstreamAuthority());
        return new Exchange(
                client,
                head,
                server.pools().lease(loop, key),
                log,
                server.config().limits());
    }

    /** Says of a client that its codec refused what it sent, so that there is no request to answer. */
    void refused(String version) {
        new ExchangeLog(server, peer, traits, "-", "-", version).end(AccessLog.End.REFUSED);
    }

    private static void refuse(ExchangeClient client, HttpRequest request, BadRequestException e, ExchangeLog log) {
        FullHttpResponse response =
                ErrorResponse.of(e.status(), request.method(), client.channel().alloc());
        response.headers().set("connection", "close");
        log.responding(e.status());
        log.responded(response.content().readableBytes());
        log.endWith(client.write(response));
        client.onExchangeDone(false, false);
    }
}
