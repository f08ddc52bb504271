// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.http;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import io.pkttraits.Traits;
import io.pkttraits.proxy.config.ProxyConfig;
import io.pkttraits.proxy.exchange.BadRequestException;
import io.pkttraits.proxy.exchange.ErrorResponse;
import io.pkttraits.proxy.exchange.Exchange;
import io.pkttraits.proxy.exchange.ExchangeClient;
import io.pkttraits.proxy.exchange.ExchangeLog;
import io.pkttraits.proxy.exchange.RequestHead;
import io.pkttraits.proxy.hop.ClientOrigin;
import io.pkttraits.proxy.hop.FieldReader;
import io.pkttraits.proxy.hop.UpstreamHop;
import io.pkttraits.proxy.log.AccessLog;
import io.pkttraits.proxy.log.ClientView;
import io.pkttraits.proxy.net.ClientNetwork;
import io.pkttraits.transport.policy.ConnectionFacts;
import io.pkttraits.transport.policy.TraitsConflictException;
import io.pkttraits.transport.policy.TraitsPolicy;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of all requests of one client connection, whatever version of HTTP it speaks: who asks is the same for each, and with
 * which traits too, but for those that have a field of their own.
 */
public final class RequestPath {
    private static final Logger LOG = LoggerFactory.getLogger(RequestPath.class);

    /**
     * What becomes of a set of traits.
     *
     * @param accepted what is taken of it
     * @param hop how it goes on; {@code null} if it is refused
     * @param conflict why the policy refuses it, or {@code null}
     */
    private record Decision(Traits accepted, UpstreamHop hop, String conflict) {}

    private final ConnectionContext context;
    private final Channel connection;
    private final String protocol;
    private final ConnectionFacts client;
    private final ClientOrigin origin;
    private final InetSocketAddress sender;
    private final SocketAddress peer;
    private final String peerHost;
    private final ClientNetwork network;
    private final FieldReader field;
    private TraitsPolicy policy;
    private Decision ofConnection;

    /**
     * Decides on what a client's connection brought.
     *
     * @param connection the client's; its event loop is that of its upstream connections too
     * @param protocol what operators see as the connection's version of HTTP
     * @param client what is known of the client's connection
     * @param origin the client, and the traits that it came with
     * @param sender the socket's peer, which is another one than the client if it sent a PROXY header
     */
    public RequestPath(
            ConnectionContext context,
            Channel connection,
            String protocol,
            ConnectionFacts client,
            ClientOrigin origin,
            SocketAddress sender) {
        this.context = context;
        this.connection = connection;
        this.protocol = protocol;
        this.client = client;
        this.origin = origin;
        this.sender = sender instanceof InetSocketAddress inet ? inet : null;
        peer = origin.source();
        peerHost = peer instanceof InetSocketAddress inet
                ? NetUtil.toAddressString(inet.getAddress())
                : String.valueOf(peer);
        network = ClientNetwork.of(peer);
        field = new FieldReader(context.config().hops(), peer);
        decideAgainIfRulesChanged();
    }

    private void decideAgainIfRulesChanged() {
        TraitsPolicy newest = context.config().rules().get().policy();
        if (newest != policy) {
            policy = newest;
            ofConnection = decide(origin.traits());
            new ClientView(peer, protocol, ofConnection.accepted()).setOn(connection);
        }
    }

    private Decision decide(Traits arrived) {
        ProxyConfig config = context.config();
        // Neither who sends for others nor whom it names may bring more than its own rule lets it.
        Traits accepted = policy.accept(client.peer(), policy.accept(sender, arrived));
        try {
            Traits forwarded = policy.forward(client, accepted);
            UpstreamHop hop =
                    UpstreamHop.of(config.hops(), config.upstream(), origin, forwarded, policy.ofConnection(forwarded));
            return new Decision(accepted, hop, null);
        } catch (TraitsConflictException e) {
            return new Decision(accepted, null, e.getMessage());
        }
    }

    SocketAddress peer() {
        return peer;
    }

    /** Takes a request's head over. Returns its exchange, to be started, or {@code null} if it was refused and answered. */
    Exchange begin(ExchangeClient client, HttpRequest request) {
        context.traffic().begin(client.channel());
        decideAgainIfRulesChanged();
        Traits arrived = field.take(request.headers(), origin.traits());
        boolean same = arrived == null || arrived.equals(origin.traits());
        Decision decision = same ? ofConnection : decide(arrived);
        ExchangeLog log = isPlaceholder(request)
                ? log(decision.accepted(), "-", "-", "-")
                : log(
                        decision.accepted(),
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
            if (decision.conflict() != null) {
                throw new BadRequestException(HttpResponseStatus.FORBIDDEN, decision.conflict());
            }
        } catch (BadRequestException e) {
            ReferenceCountUtil.release(request);
            LOG.debug("{}: {}: {}", peer, e.status(), AccessLog.escape(e.getMessage()));
            refuse(client, request, e, log);
            return null;
        }
        RequestHead head = RequestHead.of(request, peerHost, context.upstreamAuthority());
        UpstreamHop hop = decision.hop();
        hop.addTo(head.outgoing().headers());
        log.carrying(hop.carried());
        return new Exchange(
                client,
                head,
                context.pools().lease(connection.eventLoop(), hop.key(), network),
                log,
                context.config().limits());
    }

    /** Whether Netty's decoder made it up for a head that it could not read the first line of. */
    private static boolean isPlaceholder(HttpRequest request) {
        return request.decoderResult().isFailure()
                && request.protocolVersion().equals(HttpVersion.HTTP_1_0)
                && request.uri().equals("/bad-request");
    }

    /** Says of a client that its codec refused what it sent, so that there is no request to answer. */
    void refused(String version) {
        log(ofConnection.accepted(), "-", "-", version).end(AccessLog.End.REFUSED);
    }

    private ExchangeLog log(Traits accepted, String method, String uri, String version) {
        return new ExchangeLog(context.accessLog(), context.traffic(), peer, accepted, method, uri, version);
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
