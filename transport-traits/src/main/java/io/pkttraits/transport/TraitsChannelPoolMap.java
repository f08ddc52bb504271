// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.pool.ChannelPool;
import io.netty.channel.pool.ChannelPoolHandler;
import io.netty.channel.pool.ChannelPoolMap;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeoutException;

/**
 * Upstream connections pooled by address <em>and</em> traits: a connection that was opened for one set of traits never serves
 * another. {@link UpstreamTraits} is put first into the pipeline of each connection that it opens.
 *
 * <p>Clients choose the traits, so the number of keys has no bound of its own. The map has: {@link TraitsPoolLimits}. A pool
 * without connections is removed; where a new key would exceed the bound, the pool that has been unused for the longest time is
 * closed for it; where all pools are in use the acquire fails with {@link TraitsPoolExhaustedException}.
 *
 * <p><b>Rules.</b> Every channel that was acquired has to be released exactly once, also when it was closed meanwhile; a channel
 * that must not be used again is closed first and released when its close future is done, so that the bound holds for sockets
 * too. The idle timer does not watch a channel in use.
 *
 * <p><b>Threads.</b> Every method may be called from any thread, event loops included, and none of them blocks. A channel runs on
 * whatever event loop of the bootstrap's group Netty chose; a caller that wants it on its own loop gives that {@code EventLoop}
 * as the bootstrap's group. The {@link ChannelPoolHandler} is called on the channel's event loop.
 */
public final class TraitsChannelPoolMap implements ChannelPoolMap<UpstreamKey, ChannelPool>, Closeable {
    private static final AttributeKey<KeyedChannelPool> LEASED_FROM =
            AttributeKey.valueOf(TraitsChannelPoolMap.class, "LEASED_FROM");

    private final Bootstrap bootstrap;
    /** Runs timers and the promises that have no channel. */
    private final EventLoop loop;

    private final ChannelPoolHandler handler;
    private final TraitsPoolLimits limits;
    private final UnsendablePolicy unsendable;
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

    private final Object lock = new Object();
    private final Map<UpstreamKey, KeyedChannelPool> pools = new HashMap<>();
    /** Pools with neither a channel in use nor a waiting acquire, the longest unused first. */
    private final LinkedHashSet<KeyedChannelPool> unused = new LinkedHashSet<>();

    private boolean closed;

    /**
     * Makes an empty map.
     *
     * @param bootstrap has group, channel class and options; its handler is replaced and its remote address is not used
     * @param handler sets up the pipeline of a new connection, and hears of acquires and releases
     * @param limits the bounds
     * @param unsendable what happens to a connection whose traits the carrier cannot send
     */
    public TraitsChannelPoolMap(
            Bootstrap bootstrap, ChannelPoolHandler handler, TraitsPoolLimits limits, UnsendablePolicy unsendable) {
        this.bootstrap = bootstrap.clone();
        this.handler = Objects.requireNonNull(handler, "handler");
        this.limits = Objects.requireNonNull(limits, "limits");
        this.unsendable = Objects.requireNonNull(unsendable, "unsendable");
        loop = Objects.requireNonNull(bootstrap.config().group(), "the bootstrap has no group")
                .next();
    }

    /**
     * The pool of {@code key}: a view that stays good for as long as this map is open, however often the pool behind it is
     * evicted. Closing the view closes the connections of that key that are not in use.
     */
    @Override
    public ChannelPool get(UpstreamKey key) {
        return new PoolView(this, key);
    }

    /** Whether {@code key} has a connection, or somebody waits for one. */
    @Override
    public boolean contains(UpstreamKey key) {
        synchronized (lock) {
            return pools.containsKey(key);
        }
    }

    /** The number of pools: at most {@link TraitsPoolLimits#maxPools()}. */
    public int size() {
        synchronized (lock) {
            return pools.size();
        }
    }

    /** The number of open connections, in use or not. */
    public int connections() {
        return channels.size();
    }

    /**
     * Takes an unused connection of {@code key}, or opens one. Fails with the cause of the failed connect (a
     * {@link TraitsException} where the carrier cannot send the traits), with {@link TraitsPoolExhaustedException} at a bound, and with
     * {@link IllegalStateException} when this map is closed.
     */
    public Future<Channel> acquire(UpstreamKey key) {
        return acquire(key, loop.newPromise());
    }

    /** As {@link #acquire(UpstreamKey)}, with a promise; if that is done or cancelled before, the connection goes back. */
    public Future<Channel> acquire(UpstreamKey key, Promise<Channel> promise) {
        Objects.requireNonNull(key, "key");
        KeyedChannelPool pool;
        try {
            pool = lease(key);
        } catch (IllegalStateException | TraitsPoolExhaustedException e) {
            promise.tryFailure(e);
            return promise;
        }
        Promise<Channel> acquired = loop.newPromise();
        acquired.addListener((Future<Channel> future) -> {
            if (!future.isSuccess()) {
                unlease(pool);
                promise.tryFailure(explain(key, future.cause()));
                return;
            }
            Channel channel = future.getNow();
            channel.attr(LEASED_FROM).set(pool);
            if (!promise.trySuccess(channel)) {
                release(channel);
            }
        });
        pool.acquire(acquired);
        return promise;
    }

    /** Gives back a channel that was acquired from this map. Fails if it was not, or was released already. */
    public Future<Void> release(Channel channel) {
        return release(channel, channel.eventLoop().newPromise());
    }

    /** As {@link #release(Channel)}, with a promise. */
    public Future<Void> release(Channel channel, Promise<Void> promise) {
        Attribute<KeyedChannelPool> leasedFrom = channel.attr(LEASED_FROM);
        KeyedChannelPool pool = leasedFrom.get();
        if (pool == null || pool.map() != this || !leasedFrom.compareAndSet(pool, null)) {
            promise.tryFailure(new IllegalArgumentException("Channel " + channel + " was not acquired from this map"));
            return promise;
        }
        // The caller's promise is done after the place is free, so that whoever waited for it can count on that.
        Promise<Void> released = channel.eventLoop().newPromise();
        released.addListener(future -> {
            unlease(pool);
            if (future.isSuccess()) {
                promise.trySuccess(null);
            } else {
                promise.tryFailure(future.cause());
            }
        });
        pool.release(channel, released);
        return promise;
    }

    /** Closes those connections of {@code key} that are not in use, e.g. when one of them showed that the peer has gone. */
    public void closeIdle(UpstreamKey key) {
        KeyedChannelPool pool;
        synchronized (lock) {
            pool = pools.get(key);
        }
        if (pool != null) {
            pool.closeIdle();
        }
    }

    /** Fails waiting acquires and closes every connection, those in use included. Does not wait for it. */
    @Override
    public void close() {
        closeAsync();
    }

    /** As {@link #close()}; the future is done when every connection is closed. */
    public Future<Void> closeAsync() {
        List<KeyedChannelPool> all;
        synchronized (lock) {
            closed = true;
            all = new ArrayList<>(pools.values());
            pools.clear();
            unused.clear();
        }
        for (KeyedChannelPool pool : all) {
            pool.retire();
            pool.closeAsync();
        }
        return channels.close();
    }

    private KeyedChannelPool lease(UpstreamKey key) {
        KeyedChannelPool leased;
        KeyedChannelPool evicted = null;
        synchronized (lock) {
            if (closed) {
                throw new IllegalStateException("TraitsChannelPoolMap was closed");
            }
            leased = pools.get(key);
            if (leased == null) {
                if (pools.size() == limits.maxPools()) {
                    evicted = evictLongestUnused();
                }
                leased = new KeyedChannelPool(this, key, bootstrap, loop, new Opener(key), limits);
                pools.put(key, leased);
            } else if (leased.leases() - limits.maxConnections() >= limits.maxPendingAcquires()) {
                throw new TraitsPoolExhaustedException(
                        limits.maxPendingAcquires() + " wait already for a connection to " + key.remote()
                                + " with traits " + key.traits(),
                        null);
            }
            leased.lease();
            unused.remove(leased);
        }
        if (evicted != null) {
            evicted.retire();
        }
        return leased;
    }

    private KeyedChannelPool evictLongestUnused() {
        Iterator<KeyedChannelPool> i = unused.iterator();
        if (!i.hasNext()) {
            throw new TraitsPoolExhaustedException("all of " + limits.maxPools() + " pools are in use", null);
        }
        KeyedChannelPool pool = i.next();
        i.remove();
        pools.remove(pool.key());
        return pool;
    }

    private void unlease(KeyedChannelPool pool) {
        synchronized (lock) {
            pool.unlease();
            settle(pool);
        }
    }

    /** Removes {@code pool} if it has become empty, and notes it for eviction if it is unused. */
    private void settle(KeyedChannelPool pool) {
        if (pool.leases() > 0 || pools.get(pool.key()) != pool) {
            return;
        }
        if (pool.isEmpty()) {
            pools.remove(pool.key());
            unused.remove(pool);
            pool.retire();
        } else {
            unused.add(pool);
        }
    }

    private void onClosed(UpstreamKey key, Channel channel) {
        synchronized (lock) {
            KeyedChannelPool pool = pools.get(key);
            if (pool != null) {
                pool.forget(channel);
                settle(pool);
            }
        }
    }

    private Throwable explain(UpstreamKey key, Throwable cause) {
        if (cause instanceof TimeoutException) {
            return new TraitsPoolExhaustedException(
                    "all of " + limits.maxConnections() + " connections to " + key.remote() + " with traits "
                            + key.traits() + " were in use for "
                            + limits.acquireTimeout().toMillis() + " ms",
                    cause);
        }
        return cause;
    }

    /** Sets up the pipeline of a new connection of one key. */
    private final class Opener implements ChannelPoolHandler {
        private final UpstreamKey key;

        Opener(UpstreamKey key) {
            this.key = key;
        }

        @Override
        public void channelCreated(Channel ch) throws Exception {
            key.setOn(ch);
            handler.channelCreated(ch);
            if (!key.traits().isEmpty()) {
                ch.pipeline().addFirst(new UpstreamTraits(key.traits(), unsendable));
            }
            channels.add(ch);
            ch.closeFuture().addListener(future -> onClosed(key, ch));
        }

        @Override
        public void channelAcquired(Channel ch) throws Exception {
            handler.channelAcquired(ch);
        }

        @Override
        public void channelReleased(Channel ch) throws Exception {
            handler.channelReleased(ch);
        }
    }
}
