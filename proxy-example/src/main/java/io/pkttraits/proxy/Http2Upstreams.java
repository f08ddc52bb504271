// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.pkttraits.transport.TraitsChannelPoolMap;
import io.pkttraits.transport.UpstreamKey;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
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
    private final PendingShares shares;
    private final ProxyConfig.Limits limits;
    private final Map<UpstreamKey, Shared> shared = new HashMap<>();
    private int waiting;
    private long tickets;

    Http2Upstreams(TraitsChannelPoolMap pools, PendingShares shares, ProxyConfig.Limits limits) {
        this.pools = pools;
        this.shares = shares;
        this.limits = limits;
    }

    /**
     * Calls one of the two, not necessarily before it returns.
     *
     * @return what waits, or {@code null} if that is decided already
     */
    Waiter open(UpstreamKey key, ClientNetwork client, Consumer<Channel> onSuccess, Consumer<Throwable> onFailure) {
        Shared of = shared.computeIfAbsent(key, Shared::new);
        Waiter waiter = new Waiter(of, client, ++tickets, onSuccess, onFailure);
        Http2UpstreamConnection connection = of.connectionWithRoom();
        if (connection != null) {
            of.open(connection, waiter);
            return null;
        }
        RuntimeException refusal = of.hasUnused() ? null : refusal(client);
        if (refusal != null) {
            of.removeIfEmpty();
            onFailure.accept(refusal);
            return null;
        }
        of.add(waiter);
        return waiter.beginWait() ? waiter : null;
    }

    private RuntimeException refusal(ClientNetwork client) {
        if (shares.isFull(client)) {
            return shares.refusal(client);
        }
        return waiting < limits.maxPending()
                ? null
                : new RejectedExecutionException(waiting + " wait already for a stream");
    }

    /** A request that no connection has room for yet. */
    final class Waiter {
        private final Shared of;
        private final ClientNetwork client;
        private final long ticket;
        private final Consumer<Channel> onSuccess;
        private final Consumer<Throwable> onFailure;
        private boolean counted;

        private Waiter(
                Shared of,
                ClientNetwork client,
                long ticket,
                Consumer<Channel> onSuccess,
                Consumer<Throwable> onFailure) {
            this.of = of;
            this.client = client;
            this.ticket = ticket;
            this.onSuccess = onSuccess;
            this.onFailure = onFailure;
        }

        /** Nobody waits for it any more; nothing happens if it was served. */
        void giveUp() {
            if (of.waiters.contains(this)) {
                of.remove(this);
                of.acquireNoMoreThanNeeded();
                of.removeIfEmpty();
            }
        }

        /** Counts it unless it was served at once. */
        private boolean beginWait() {
            counted = of.waiters.contains(this);
            if (counted) {
                shares.add(client);
            }
            return counted;
        }

        private void endWait() {
            if (counted) {
                shares.remove(client);
            }
        }
    }

    /** The connections of one key that are in use. */
    private final class Shared {
        private final UpstreamKey key;
        private final List<Http2UpstreamConnection> connections = new ArrayList<>();
        /** The longest waiting first. */
        private final LinkedHashSet<Waiter> waiters = new LinkedHashSet<>();
        /** Those connections that the pool has not given yet, the latest last. */
        private final ArrayDeque<Future<Channel>> acquires = new ArrayDeque<>();
        /** They, and those that are not ready yet. */
        private int acquiring;
        /** Streams that the latest connection could have. */
        private int maxStreams = Http2UpstreamConnection.MAX_STREAMS;

        Shared(UpstreamKey key) {
            this.key = key;
        }

        Http2UpstreamConnection connectionWithRoom() {
            if (!waiters.isEmpty() || pools.waiting() > acquiring) {
                return null;
            }
            for (Http2UpstreamConnection connection : connections) {
                if (connection.canOpen()) {
                    return connection;
                }
            }
            return null;
        }

        /** Whether a connection lies in the pool that the next waiter gets at once. */
        boolean hasUnused() {
            return waiters.isEmpty() && acquiring == 0 && pools.hasIdle(key);
        }

        void open(Http2UpstreamConnection connection, Waiter waiter) {
            connection.open(waiter.onSuccess, waiter.onFailure, () -> onStreamClosed(connection));
        }

        void add(Waiter waiter) {
            waiting++;
            waiters.add(waiter);
            acquireAsNeeded();
        }

        void remove(Waiter waiter) {
            waiting--;
            waiters.remove(waiter);
            waiter.endWait();
        }

        private void acquireAsNeeded() {
            while ((long) acquiring * maxStreams < waiters.size()) {
                acquiring++;
                long upTo = tickets;
                Future<Channel> acquire = pools.acquire(key);
                acquires.add(acquire);
                acquire.addListener((Future<Channel> future) -> {
                    acquires.remove(future);
                    if (future.isSuccess()) {
                        onAcquired(future.getNow(), upTo);
                    } else if (!future.isCancelled()) {
                        onNotAcquired(future.cause(), upTo);
                    }
                });
            }
        }

        /** Gives places in the pool's queue back. One that is being opened already is left to become an unused one. */
        void acquireNoMoreThanNeeded() {
            while (!acquires.isEmpty() && (acquiring - 1L) * maxStreams >= waiters.size() && pools.waiting() > 0) {
                if (!acquires.removeLast().cancel(false)) {
                    return;
                }
                acquiring--;
            }
        }

        private void onAcquired(Channel channel, long upTo) {
            Http2UpstreamConnection connection = channel.pipeline().get(Http2UpstreamConnection.class);
            Future<?> timeout = channel.eventLoop()
                    .schedule(() -> channel.close(), limits.connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
            connection.whenReady(failure -> {
                timeout.cancel(false);
                if (failure == null && connection.canOpen()) {
                    onReady(connection);
                } else {
                    // One that is ready and takes no streams would be offered again and again.
                    channel.close();
                    pools.release(channel);
                    onNotAcquired(failure == null ? new IOException("the upstream takes no streams") : failure, upTo);
                }
            });
        }

        private void onReady(Http2UpstreamConnection connection) {
            acquiring--;
            connections.add(connection);
            maxStreams = connection.maxStreams();
            serve(connection);
            releaseIfUnused(connection);
            acquireAsNeeded();
            removeIfEmpty();
        }

        private void onNotAcquired(Throwable cause, long upTo) {
            acquiring--;
            while (!waiters.isEmpty() && first().ticket <= upTo) {
                next().onFailure.accept(cause);
            }
            acquireAsNeeded();
            removeIfEmpty();
        }

        private void serve(Http2UpstreamConnection connection) {
            while (!waiters.isEmpty() && connection.canOpen()) {
                open(connection, next());
            }
        }

        private Waiter first() {
            return waiters.iterator().next();
        }

        private Waiter next() {
            Waiter first = first();
            remove(first);
            return first;
        }

        private void onStreamClosed(Http2UpstreamConnection connection) {
            if (pools.waiting() <= acquiring) {
                serve(connection);
                acquireNoMoreThanNeeded();
            }
            releaseIfUnused(connection);
            removeIfEmpty();
        }

        private void releaseIfUnused(Http2UpstreamConnection connection) {
            if (connection.active() == 0 && connections.remove(connection)) {
                if (!connection.isUsable()) {
                    connection.channel().close();
                }
                pools.release(connection.channel());
            }
        }

        void removeIfEmpty() {
            if (connections.isEmpty() && waiters.isEmpty() && acquiring == 0) {
                shared.remove(key, this);
            }
        }
    }
}
