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
    private final ProxyConfig.Limits limits;
    private final Map<UpstreamKey, Shared> shared = new HashMap<>();
    private int waiting;
    private long tickets;

    Http2Upstreams(TraitsChannelPoolMap pools, ProxyConfig.Limits limits) {
        this.pools = pools;
        this.limits = limits;
    }

    /** Calls one of the two, not necessarily before it returns. */
    void open(UpstreamKey key, Consumer<Channel> onSuccess, Consumer<Throwable> onFailure) {
        Shared of = shared.computeIfAbsent(key, Shared::new);
        Waiter waiter = new Waiter(++tickets, onSuccess, onFailure);
        Http2UpstreamConnection connection = of.connectionWithRoom();
        if (connection != null) {
            of.open(connection, waiter);
        } else if (waiting >= limits.maxPending()) {
            of.removeIfEmpty();
            onFailure.accept(new RejectedExecutionException(waiting + " wait already for a stream"));
        } else {
            waiting++;
            of.waiters.add(waiter);
            of.acquireAsNeeded();
        }
    }

    private record Waiter(long ticket, Consumer<Channel> onSuccess, Consumer<Throwable> onFailure) {}

    /** The connections of one key that are in use. */
    private final class Shared {
        private final UpstreamKey key;
        private final List<Http2UpstreamConnection> connections = new ArrayList<>();
        private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();
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

        void open(Http2UpstreamConnection connection, Waiter waiter) {
            connection.open(waiter.onSuccess(), waiter.onFailure(), () -> onStreamClosed(connection));
        }

        void acquireAsNeeded() {
            while ((long) acquiring * maxStreams < waiters.size()) {
                acquiring++;
                long upTo = tickets;
                pools.acquire(key).addListener((Future<Channel> future) -> {
                    if (future.isSuccess()) {
                        onAcquired(future.getNow(), upTo);
                    } else {
                        onNotAcquired(future.cause(), upTo);
                    }
                });
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
            while (!waiters.isEmpty() && waiters.peek().ticket() <= upTo) {
                next().onFailure().accept(cause);
            }
            acquireAsNeeded();
            removeIfEmpty();
        }

        private void serve(Http2UpstreamConnection connection) {
            while (!waiters.isEmpty() && connection.canOpen()) {
                open(connection, next());
            }
        }

        private Waiter next() {
            waiting--;
            return waiters.remove();
        }

        private void onStreamClosed(Http2UpstreamConnection connection) {
            if (pools.waiting() <= acquiring) {
                serve(connection);
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
