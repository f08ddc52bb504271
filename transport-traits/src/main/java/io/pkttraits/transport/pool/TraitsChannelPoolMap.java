// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.pool;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.pool.ChannelPool;
import io.netty.channel.pool.ChannelPoolHandler;
import io.netty.channel.pool.ChannelPoolMap;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import io.pkttraits.transport.ConnectTraitsHandler;
import io.pkttraits.transport.TraitsException;
import io.pkttraits.transport.UnsendablePolicy;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;

/**
 * Upstream connections pooled by address <em>and</em> traits: a connection that was opened for one trait set never serves another
 * one. The map adds a {@link ConnectTraitsHandler} first to the pipeline of each connection with traits.
 *
 * <p>Clients choose the traits, so the number of pool keys is not limited. The number of connections is: {@link TraitsPoolLimits}. If
 * a new connection would exceed the total limit, the acquire waits, and the map closes the connection of any pool key that has been
 * idle for the longest time. All pool keys share one queue, and the oldest acquire is served first: if a connection is released while
 * an acquire for another pool key has waited for longer, the connection is closed to make room. So a client that always sends new
 * traits delays others, but does not shut them out. An acquire that waited for too long, or found the queue full, fails with {@link
 * TraitsPoolExhaustedException}.
 *
 * <p><b>Rules.</b> Release every acquired channel exactly once, even if it was closed meanwhile. To keep a channel from being used
 * again, close it before you release it. A closed channel no longer counts against the limits. The idle timeout does not apply to
 * channels in use.
 *
 * <p><b>Threads.</b> Every method may be called from any thread, event loops included, and none of them blocks. A channel runs on
 * the event loop of the bootstrap's group that Netty selects. To have every channel on one event loop, use that {@code EventLoop}
 * as the bootstrap's group. An acquire completes on the caller's event loop if that belongs to the group. The {@link ChannelPoolHandler} is called on the channel's event loop.
 */
public final class TraitsChannelPoolMap implements ChannelPoolMap<UpstreamKey, ChannelPool>, Closeable {
    private static final AttributeKey<PooledConnection> CONNECTION =
            AttributeKey.valueOf(TraitsChannelPoolMap.class, "CONNECTION");
    private static final String CLOSED = "TraitsChannelPoolMap was closed";

    private final Bootstrap bootstrap;
    /** Runs timers, and completes the acquires of callers that are on none of {@link #loops}. */
    private final EventLoop loop;

    private final EventExecutor[] loops;

    private final ChannelPoolHandler handler;
    private final ConnectTraitsHandler connectTraits;
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

    private final Object lock = new Object();
    private final PoolLedger ledger;
    private final ExpiryTimer waiterTimer;
    private final ExpiryTimer idleTimer;
    private List<Runnable> decided = new ArrayList<>();
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
        connectTraits = new ConnectTraitsHandler(unsendable);
        EventLoopGroup group = Objects.requireNonNull(bootstrap.config().group(), "the bootstrap has no group");
        loop = group.next();
        loops = StreamSupport.stream(group.spliterator(), false).toArray(EventExecutor[]::new);
        ledger = new PoolLedger(limits, new Decided());
        waiterTimer = new ExpiryTimer(loop, limits.acquireTimeout().toNanos(), this::expireWaiters);
        idleTimer = new ExpiryTimer(loop, limits.idleTimeout().toNanos(), this::expireIdle);
    }

    /**
     * The pool of {@code key}: a view that stays good for as long as this map is open, however often its connections are
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
            return ledger.contains(key);
        }
    }

    /** Whether {@code key} has a connection that is not in use, which the next acquire of that key gets at once. */
    public boolean hasIdle(UpstreamKey key) {
        synchronized (lock) {
            return ledger.hasIdle(key);
        }
    }

    /** The number of keys that have a connection, or for which somebody waits. */
    public int size() {
        synchronized (lock) {
            return ledger.pools();
        }
    }

    /** The number of connections, in use or not, being opened or closed: at most {@link TraitsPoolLimits#maxTotalConnections()}. */
    public int connections() {
        synchronized (lock) {
            return ledger.places();
        }
    }

    /** The number of acquires that wait: at most {@link TraitsPoolLimits#maxPendingAcquires()}. */
    public int waiting() {
        synchronized (lock) {
            return ledger.waiting();
        }
    }

    /** How many connections were closed so far to make room for those of other keys. */
    public long evictions() {
        synchronized (lock) {
            return ledger.evictions();
        }
    }

    /** What this map holds now and how often it evicted; takes the map's lock. */
    public TraitsPoolStats stats() {
        synchronized (lock) {
            return new TraitsPoolStats(
                    ledger.pools(),
                    ledger.idle(),
                    ledger.places() - ledger.idle(),
                    ledger.waiting(),
                    ledger.evictions());
        }
    }

    /**
     * Acquires an idle connection of {@code key}, or opens one. Fails with the cause of the failed connect (a
     * {@link TraitsException} if the carrier cannot send the traits), with {@link TraitsPoolExhaustedException} at a bound, and with
     * {@link IllegalStateException} when this map is closed.
     *
     * <p>If the caller is on an event loop of the bootstrap's group, the future completes on that event loop, even if the channel
     * belongs to another one. Otherwise it completes on any event loop of the group.
     */
    public Future<Channel> acquire(UpstreamKey key) {
        return acquire(key, callersLoop().newPromise());
    }

    private EventExecutor callersLoop() {
        for (EventExecutor candidate : loops) {
            if (candidate.inEventLoop()) {
                return candidate;
            }
        }
        return loop;
    }

    /**
     * Does the same as {@link #acquire(UpstreamKey)} with the caller's promise. If the promise is done or cancelled before a connection
     * is available, the connection returns to the pool. A cancelled acquire leaves the queue immediately.
     */
    public Future<Channel> acquire(UpstreamKey key, Promise<Channel> promise) {
        Objects.requireNonNull(key, "key");
        PoolWaiter[] waiter = new PoolWaiter[1];
        try {
            decide(() -> {
                if (closed) {
                    throw new IllegalStateException(CLOSED);
                }
                waiter[0] = ledger.acquire(key, promise, System.nanoTime());
                if (waiter[0] != null) {
                    waiterTimer.added();
                }
            });
        } catch (IllegalStateException | TraitsPoolExhaustedException e) {
            promise.tryFailure(e);
        }
        if (waiter[0] != null) {
            promise.addListener(future -> {
                if (future.isCancelled()) {
                    decide(() -> ledger.giveUp(waiter[0]));
                }
            });
        }
        return promise;
    }

    /** Gives back a channel that was acquired from this map. Fails if it was not, or was released already. */
    public Future<Void> release(Channel channel) {
        return release(channel, channel.eventLoop().newPromise());
    }

    /** As {@link #release(Channel)}, with a promise. */
    public Future<Void> release(Channel channel, Promise<Void> promise) {
        PooledConnection connection = channel.attr(CONNECTION).get();
        if (connection == null || connection.map() != this) {
            return fail(promise, notAcquired(channel));
        }
        onLoop(channel, () -> release(connection, promise));
        return promise;
    }

    /** Closes those connections of {@code key} that are not in use, e.g. when one of them showed that the peer has gone. */
    public void closeIdle(UpstreamKey key) {
        decide(() -> ledger.closeIdle(key));
    }

    /** Fails waiting acquires and closes every connection, those in use included. Does not wait for it. */
    @Override
    public void close() {
        closeAsync();
    }

    /**
     * As {@link #close()}; the future is done when every connection is closed. Wait for it before you shut down the bootstrap's
     * group: an event loop that ends may leave open what is not closed by then (seen with epoll and io_uring of Netty 4.2.18).
     */
    public Future<Void> closeAsync() {
        decide(() -> {
            closed = true;
            waiterTimer.end();
            idleTimer.end();
            ledger.failWaiters(new IllegalStateException(CLOSED));
        });
        return channels.close();
    }

    private boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    /** Makes a change under the lock, and does outside of it what was decided then. */
    private void decide(Runnable change) {
        List<Runnable> actions;
        synchronized (lock) {
            change.run();
            if (decided.isEmpty()) {
                return;
            }
            actions = decided;
            decided = new ArrayList<>(1);
        }
        actions.forEach(Runnable::run);
    }

    private void expireWaiters() {
        decide(() -> waiterTimer.arm(ledger.expireWaiters(System.nanoTime())));
    }

    private void expireIdle() {
        decide(() -> idleTimer.arm(ledger.expireIdle(System.nanoTime())));
    }

    private void gone(PooledConnection connection) {
        decide(() -> ledger.gone(connection));
    }

    private void open(KeyedPool pool, Promise<Channel> promise) {
        PooledConnection connection = new PooledConnection(this, pool);
        ChannelFuture connected =
                bootstrap.clone().handler(initializer(pool.key)).connect(pool.key.remote());
        connected.addListener(future -> {
            Channel channel = connected.channel();
            if (future.isSuccess()) {
                connection.opened(channel);
                channel.attr(CONNECTION).set(connection);
                channel.closeFuture().addListener(closed -> gone(connection));
                lend(connection, promise);
            } else {
                whenClosed(channel, () -> {
                    gone(connection);
                    promise.tryFailure(future.cause());
                });
            }
        });
    }

    private ChannelInitializer<Channel> initializer(UpstreamKey key) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) throws Exception {
                key.setOn(channel);
                handler.channelCreated(channel);
                if (!key.traits().isEmpty()) {
                    channel.attr(ConnectTraitsHandler.TRAITS).set(key.traits());
                    channel.pipeline().addFirst(connectTraits);
                }
                channels.add(channel);
            }
        };
    }

    /** On the channel's event loop. */
    private void lendUnused(PooledConnection connection, Promise<Channel> promise) {
        if (connection.channel().isActive()) {
            lend(connection, promise);
        } else {
            gone(connection);
            acquire(connection.pool().key, promise);
        }
    }

    private void lend(PooledConnection connection, Promise<Channel> promise) {
        Channel channel = connection.channel();
        try {
            handler.channelAcquired(channel);
        } catch (Exception e) {
            channel.close();
            promise.tryFailure(e);
            return;
        }
        connection.lent(true);
        if (!promise.trySuccess(channel)) {
            release(channel);
        }
    }

    private void release(PooledConnection connection, Promise<Void> promise) {
        Channel channel = connection.channel();
        if (isClosed()) {
            fail(promise, new IllegalStateException(CLOSED));
        } else if (!connection.isLent()) {
            fail(promise, notAcquired(channel));
        } else {
            connection.lent(false);
            try {
                if (channel.isActive()) {
                    handler.channelReleased(channel);
                    decide(() -> putBack(connection));
                } else {
                    // The place is free already, or else would be in a moment.
                    gone(connection);
                }
                promise.trySuccess(null);
            } catch (Exception e) {
                channel.close();
                fail(promise, e);
            }
        }
    }

    private void putBack(PooledConnection connection) {
        if (connection.state() == PooledConnection.State.USED) {
            ledger.release(connection, System.nanoTime());
            idleTimer.added();
        }
    }

    private static <T> Future<T> fail(Promise<T> promise, Throwable cause) {
        promise.tryFailure(cause);
        return promise;
    }

    private static IllegalArgumentException notAcquired(Channel channel) {
        return new IllegalArgumentException("Channel " + channel + " was not acquired from this map");
    }

    private static void onLoop(Channel channel, Runnable task) {
        if (channel.eventLoop().inEventLoop()) {
            task.run();
        } else {
            channel.eventLoop().execute(task);
        }
    }

    /** A channel that could not even be made is no open one, and is never closed. */
    private static void whenClosed(Channel channel, Runnable task) {
        if (channel.isOpen()) {
            channel.closeFuture().addListener(closed -> task.run());
        } else {
            task.run();
        }
    }

    /** Keeps for later what was decided under the lock. */
    private final class Decided implements PoolActions {
        @Override
        public void open(KeyedPool pool, Promise<Channel> promise) {
            decided.add(() -> TraitsChannelPoolMap.this.open(pool, promise));
        }

        @Override
        public void give(PooledConnection connection, Promise<Channel> promise) {
            decided.add(() -> onLoop(connection.channel(), () -> lendUnused(connection, promise)));
        }

        @Override
        public void close(PooledConnection connection) {
            decided.add(() -> connection.channel().close());
        }

        @Override
        public void fail(PoolWaiter waiter, Throwable cause) {
            decided.add(() -> waiter.promise().tryFailure(cause));
        }
    }
}
