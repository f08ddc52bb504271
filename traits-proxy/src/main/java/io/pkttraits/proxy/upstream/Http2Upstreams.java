// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.upstream;

import io.netty.channel.Channel;
import io.pkttraits.proxy.config.ProxyConfig;
import io.pkttraits.proxy.net.ClientNetwork;
import io.pkttraits.transport.pool.TraitsChannelPoolMap;
import io.pkttraits.transport.pool.UpstreamKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The streams of one event loop's upstream connections. A connection is taken from the pool for as long as it has streams, so the
 * pool's bounds and its order of arrival hold for HTTP/2 as well: while requests of other keys wait for a connection, one
 * that is in use gets no more streams but what it was taken for, and goes back when the last one ends.
 *
 * <p>Confined to the event loop.
 */
final class Http2Upstreams {
    private final TraitsChannelPoolMap pools;
    private final PendingStreams pending;
    private final Duration readyTimeout;
    private final Map<UpstreamKey, SharedConnections> shared = new HashMap<>();

    Http2Upstreams(TraitsChannelPoolMap pools, PendingShares shares, ProxyConfig.Limits limits) {
        this.pools = pools;
        readyTimeout = limits.connectTimeout();
        pending = new PendingStreams(limits.maxPending(), shares);
    }

    /**
     * Calls one of the two, not necessarily before it returns.
     *
     * @return what waits, or {@code null} if that is decided already
     */
    StreamWaiter open(
            UpstreamKey key, ClientNetwork client, Consumer<Channel> onSuccess, Consumer<Throwable> onFailure) {
        SharedConnections of = shared.computeIfAbsent(key, this::connectionsOf);
        StreamWaiter waiter = new StreamWaiter(of, client, pending.nextTicket(), onSuccess, onFailure);
        Http2UpstreamConnection connection = of.connectionWithRoom();
        if (connection != null) {
            of.open(connection, waiter);
            return null;
        }
        RuntimeException refusal = of.hasUnused() ? null : pending.refusal(client);
        if (refusal != null) {
            of.removeIfEmpty();
            onFailure.accept(refusal);
            return null;
        }
        return of.add(waiter) ? waiter : null;
    }

    private SharedConnections connectionsOf(UpstreamKey key) {
        return new SharedConnections(key, pools, pending, readyTimeout, empty -> shared.remove(key, empty));
    }
}
