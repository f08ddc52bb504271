// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.pool;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Promise;
import io.pkttraits.transport.pool.PooledConnection.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who gets which connection: the decisions of a {@link TraitsChannelPoolMap}, without its I/O.
 *
 * <p>A connection takes a place from the decision to open it until it is closed, so there are never more connections than places.
 * Acquires that cannot be served at once wait in the order of their arrival. An unused connection of another key is closed for one
 * that needs a place, the longest unused first; and a connection that is released goes to whoever has waited for longest, by way
 * of its place if that is an acquire of another key. So no key is served for ever while another one waits.
 *
 * <p>Guarded by the map's lock.
 */
final class PoolLedger {
    private final TraitsPoolLimits limits;
    private final PoolActions actions;
    private final Map<UpstreamKey, KeyedPool> pools = new HashMap<>();
    /** The longest unused first. */
    private final LinkedHashSet<PooledConnection> idle = new LinkedHashSet<>();
    /** The longest waiting first. */
    private final LinkedHashSet<PoolWaiter> waiters = new LinkedHashSet<>();
    /** Pools that could use another place, by the ticket of the waiter that it would serve. */
    private final TreeMap<Long, KeyedPool> needy = new TreeMap<>();

    private int places;
    private int closing;
    private int wanted;
    private long tickets;
    private long evictions;

    PoolLedger(TraitsPoolLimits limits, PoolActions actions) {
        this.limits = limits;
        this.actions = actions;
    }

    int pools() {
        return pools.size();
    }

    boolean contains(UpstreamKey key) {
        return pools.containsKey(key);
    }

    boolean hasIdle(UpstreamKey key) {
        KeyedPool pool = pools.get(key);
        return pool != null && !pool.idle.isEmpty();
    }

    int places() {
        return places;
    }

    int idle() {
        return idle.size();
    }

    int waiting() {
        return waiters.size();
    }

    long evictions() {
        return evictions;
    }

    /** Serves {@code promise} now, or returns the waiter that it has become. */
    PoolWaiter acquire(UpstreamKey key, Promise<Channel> promise, long now) {
        KeyedPool pool = pools.computeIfAbsent(key, KeyedPool::new);
        PooledConnection unused = takeIdle(pool);
        if (unused != null) {
            actions.give(unused, promise);
            return null;
        }
        if (pool.connections < limits.maxConnectionsPerKey() && places < limits.maxTotalConnections()) {
            open(pool, promise);
            return null;
        }
        if (waiters.size() >= limits.maxPendingAcquires()) {
            removeIfEmpty(pool);
            throw new TraitsPoolExhaustedException(
                    limits.maxPendingAcquires() + " wait already for a connection", null);
        }
        PoolWaiter waiter = new PoolWaiter(pool, promise, ++tickets, now);
        waiters.add(waiter);
        pool.waiters.add(waiter);
        recount(pool);
        makeRoom();
        return waiter;
    }

    /** Takes a connection back that was in use. */
    void release(PooledConnection connection, long now) {
        KeyedPool pool = connection.pool();
        boolean othersFirst = wanted > closing
                && (pool.waiters.isEmpty()
                        || needy.firstKey() < pool.firstWaiter().ticket());
        if (othersFirst) {
            evict(connection);
        } else if (pool.waiters.isEmpty()) {
            connection.become(State.IDLE);
            connection.idleSince(now);
            idle.add(connection);
            pool.idle.addLast(connection);
        } else {
            PoolWaiter waiter = pool.firstWaiter();
            remove(waiter);
            actions.give(connection, waiter.promise());
        }
    }

    /** Frees the place of a connection that is closed; nothing happens if that was done already. */
    void gone(PooledConnection connection) {
        if (connection.state() == State.GONE) {
            return;
        }
        KeyedPool pool = connection.pool();
        if (connection.state() == State.IDLE) {
            idle.remove(connection);
            pool.idle.remove(connection);
        } else if (connection.state() == State.CLOSING) {
            closing--;
        }
        connection.become(State.GONE);
        places--;
        pool.connections--;
        recount(pool);
        removeIfEmpty(pool);
        makeRoom();
    }

    /** Drops an acquire that does not wait any more; nothing happens if it was served already. */
    void giveUp(PoolWaiter waiter) {
        if (waiters.contains(waiter)) {
            remove(waiter);
            removeIfEmpty(waiter.pool());
        }
    }

    /** Fails the acquires that have waited for too long, and returns in how many nanoseconds to look again, or -1. */
    long expireWaiters(long now) {
        long timeout = limits.acquireTimeout().toNanos();
        while (!waiters.isEmpty()) {
            PoolWaiter oldest = waiters.iterator().next();
            long left = timeout - (now - oldest.sinceNanos());
            if (left > 0) {
                return left;
            }
            actions.fail(oldest, timedOut(oldest.pool()));
            giveUp(oldest);
        }
        return -1;
    }

    /** Closes the connections that were unused for too long, and returns in how many nanoseconds to look again, or -1. */
    long expireIdle(long now) {
        long timeout = limits.idleTimeout().toNanos();
        while (!idle.isEmpty()) {
            PooledConnection oldest = idle.iterator().next();
            long left = timeout - (now - oldest.idleSinceNanos());
            if (left > 0) {
                return left;
            }
            takeOut(oldest);
            close(oldest);
        }
        return -1;
    }

    /** Closes the unused connections of a key. */
    void closeIdle(UpstreamKey key) {
        KeyedPool pool = pools.get(key);
        if (pool != null) {
            for (PooledConnection connection : List.copyOf(pool.idle)) {
                takeOut(connection);
                close(connection);
            }
        }
    }

    /** Fails every acquire that waits. */
    void failWaiters(Throwable cause) {
        for (PoolWaiter waiter : new ArrayList<>(waiters)) {
            actions.fail(waiter, cause);
            giveUp(waiter);
        }
    }

    private PooledConnection takeIdle(KeyedPool pool) {
        PooledConnection latest = pool.idle.pollLast();
        if (latest != null) {
            idle.remove(latest);
            latest.become(State.USED);
        }
        return latest;
    }

    private void takeOut(PooledConnection connection) {
        idle.remove(connection);
        connection.pool().idle.remove(connection);
    }

    private void open(KeyedPool pool, Promise<Channel> promise) {
        places++;
        pool.connections++;
        recount(pool);
        actions.open(pool, promise);
    }

    private void evict(PooledConnection connection) {
        evictions++;
        close(connection);
    }

    private void close(PooledConnection connection) {
        connection.become(State.CLOSING);
        closing++;
        actions.close(connection);
    }

    private void makeRoom() {
        while (!needy.isEmpty() && places < limits.maxTotalConnections()) {
            PoolWaiter first = needy.firstEntry().getValue().firstWaiter();
            remove(first);
            open(first.pool(), first.promise());
        }
        while (wanted > closing && !idle.isEmpty()) {
            PooledConnection oldest = idle.iterator().next();
            takeOut(oldest);
            evict(oldest);
        }
    }

    private void remove(PoolWaiter waiter) {
        waiters.remove(waiter);
        waiter.pool().waiters.remove(waiter);
        recount(waiter.pool());
    }

    private void recount(KeyedPool pool) {
        int now = Math.min(pool.waiters.size(), limits.maxConnectionsPerKey() - pool.connections);
        wanted += now - pool.wanted;
        pool.wanted = now;
        long first = now == 0 ? 0 : pool.firstWaiter().ticket();
        if (first != pool.neediest) {
            needy.remove(pool.neediest);
            if (first != 0) {
                needy.put(first, pool);
            }
            pool.neediest = first;
        }
    }

    private void removeIfEmpty(KeyedPool pool) {
        if (pool.isEmpty()) {
            pools.remove(pool.key);
        }
    }

    private TraitsPoolExhaustedException timedOut(KeyedPool pool) {
        String which = pool.connections < limits.maxConnectionsPerKey()
                ? limits.maxTotalConnections() + " connections"
                : limits.maxConnectionsPerKey() + " connections to " + pool.key.remote() + " with traits "
                        + pool.key.traits();
        return new TraitsPoolExhaustedException(
                "all of " + which + " were in use for "
                        + limits.acquireTimeout().toMillis() + " ms",
                null);
    }
}
