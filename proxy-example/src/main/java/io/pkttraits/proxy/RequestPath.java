// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import io.pkttraits.codec.Traits;
import io.pkttraits.proxy.hop.ClientOrigin;
import io.pkttraits.proxy.hop.FieldReader;
import io.pkttraits.proxy.hop.UpstreamHop;
import io.pkttraits.transport.TraitsChannelPoolMap;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of all requests of one client connection, whatever version of HTTP it speaks: who asks is the same for each, and with
 * which traits too, but for those that have a field of their own.
 */
final class RequestPath {
    private static final Logger LOG = LoggerFactory.getLogger(RequestPath.class);

    private final ProxyServer server;
    private final SocketAddress peer;
    private final String peerHost;
    private final ClientOrigin origin;
    private final String traits;
    private final FieldReader field;
    private final UpstreamHop hop;
    private final TraitsChannelPoolMap pools;

    /**
     * Chooses the pool for a client.
     *
     * @param loop that of the client's connection, and so of its upstream connections
     * @param origin the client, and the traits that it came with
     */
    RequestPath(ProxyServer server, EventLoop loop, ClientOrigin origin) {
        this.server = server;
        this.origin = origin;
        peer = origin.source();
        peerHost = peer instanceof InetSocketAddress inet
                ? NetUtil.toAddressString(inet.getAddress())
                : String.valueOf(peer);
        traits = origin.traits().toString();
        field = new FieldReader(server.config().hops(), peer);
        hop = hopOf(origin.traits());
        pools = server.pools().of(loop);
    }

    SocketAddress peer() {
        return peer;
    }

    /** Takes a request's head over. Returns its exchange, to be started, or {@code null} if it was refused and answered. */
    Exchange begin(ExchangeClient client, HttpRequest request) {
        Traits arrived = field.take(request.headers(), origin.traits());
        boolean same = arrived == null || arrived.equals(origin.traits());
        ExchangeLog log = new ExchangeLog(
                peer,
                same ? traits : arrived.toString(),
                request.method().name(),
                request.uri(),
                request.protocolVersion().text());
        try {
            client.check(request);
            if (arrived == null) {
                throw new BadRequestException(
                        HttpResponseStatus.BAD_REQUEST,
                        "a field Packet-Traits that contradicts the connection's traits");
            }
        } catch (BadRequestException e) {
            ReferenceCountUtil.release(request);
            LOG.debug("{}: {}: {}", peer, e.status(), AccessLog.escape(e.getMessage()));
            refuse(client, request, e, log);
            return null;
        }
        RequestHead head = RequestHead.of(request, peerHost, server.upstreamAuthority());
        UpstreamHop way = same ? hop : hopOf(arrived);
        way.addTo(head.outgoing().headers());
        log.carrying(way.carried());
        return new Exchange(
                client,
                head,
                new UpstreamLease(pools, way.key()),
                log,
                server.config().limits());
    }

    private UpstreamHop hopOf(Traits arrived) {
        ProxyConfig config = server.config();
        return UpstreamHop.of(
                config.hops(), config.upstream(), origin, config.forward().apply(arrived));
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
