// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.upstream;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.pkttraits.transport.pool.TraitsChannelPoolMap;
import io.pkttraits.transport.pool.UpstreamKey;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The HTTP/2 connections of one key that have streams, and the requests that wait for one.
 *
 * <p>Confined to the event loop.
 */
final class SharedConnections {
    private final UpstreamKey key;
    private final TraitsChannelPoolMap pools;
    private final PendingStreams pending;
    private final Duration readyTimeout;
    private final Consumer<SharedConnections> onEmpty;
    private final List<Http2UpstreamConnection> connections = new ArrayList<>();
    /** The longest waiting first. */
    private final LinkedHashSet<StreamWaiter> waiters = new LinkedHashSet<>();
    /** Those connections that the pool has not given yet, the latest last. */
    private final ArrayDeque<Future<Channel>> acquires = new ArrayDeque<>();
    /** They, and those that are not ready yet. */
    private int acquiring;
    /** Streams that the latest connection could have. */
    private int maxStreams = Http2UpstreamConnection.MAX_STREAMS;

    /**
     * @param readyTimeout how long a connection may take until the upstream has sent its settings
     * @param onEmpty called when there are neither connections nor requests any more
     */
    SharedConnections(
            UpstreamKey key,
            TraitsChannelPoolMap pools,
            PendingStreams pending,
            Duration readyTimeout,
            Consumer<SharedConnections> onEmpty) {
        this.key = key;
        this.pools = pools;
        this.pending = pending;
        this.readyTimeout = readyTimeout;
        this.onEmpty = onEmpty;
    }

    /** One that a new request may use at once, or {@code null}. */
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

    void open(Http2UpstreamConnection connection, StreamWaiter waiter) {
        waiter.serve(connection, () -> onStreamClosed(connection));
    }

    /** Returns whether it has to wait, and was not served or failed at once. */
    boolean add(StreamWaiter waiter) {
        pending.add();
        waiters.add(waiter);
        acquireAsNeeded();
        boolean waits = waiters.contains(waiter);
        if (waits) {
            pending.count(waiter);
        }
        return waits;
    }

    void giveUp(StreamWaiter waiter) {
        if (waiters.contains(waiter)) {
            remove(waiter);
            acquireNoMoreThanNeeded();
            removeIfEmpty();
        }
    }

    void removeIfEmpty() {
        if (connections.isEmpty() && waiters.isEmpty() && acquiring == 0) {
            onEmpty.accept(this);
        }
    }

    private void acquireAsNeeded() {
        while ((long) acquiring * maxStreams < waiters.size()) {
            acquiring++;
            long upTo = pending.lastTicket();
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
    private void acquireNoMoreThanNeeded() {
        while (!acquires.isEmpty() && (acquiring - 1L) * maxStreams >= waiters.size() && pools.waiting() > 0) {
            if (!acquires.removeLast().cancel(false)) {
                return;
            }
            acquiring--;
        }
    }

    private void onAcquired(Channel channel, long upTo) {
        Http2UpstreamConnection connection = channel.pipeline().get(Http2UpstreamConnection.class);
        Future<?> timeout =
                channel.eventLoop().schedule(() -> channel.close(), readyTimeout.toMillis(), TimeUnit.MILLISECONDS);
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
        while (!waiters.isEmpty() && first().ticket() <= upTo) {
            next().fail(cause);
        }
        acquireAsNeeded();
        removeIfEmpty();
    }

    private void onStreamClosed(Http2UpstreamConnection connection) {
        if (pools.waiting() <= acquiring) {
            serve(connection);
            acquireNoMoreThanNeeded();
        }
        releaseIfUnused(connection);
        removeIfEmpty();
    }

    private void serve(Http2UpstreamConnection connection) {
        while (!waiters.isEmpty() && connection.canOpen()) {
            open(connection, next());
        }
    }

    private StreamWaiter first() {
        return waiters.iterator().next();
    }

    private StreamWaiter next() {
        StreamWaiter first = first();
        remove(first);
        return first;
    }

    private void remove(StreamWaiter waiter) {
        waiters.remove(waiter);
        pending.remove(waiter);
    }

    private void releaseIfUnused(Http2UpstreamConnection connection) {
        if (connection.active() == 0 && connections.remove(connection)) {
            if (!connection.isUsable()) {
                connection.channel().close();
            }
            pools.release(connection.channel());
        }
    }
}
