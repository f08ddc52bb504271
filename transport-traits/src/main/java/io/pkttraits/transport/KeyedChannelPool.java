// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.pool.ChannelHealthChecker;
import io.netty.channel.pool.ChannelPoolHandler;
import io.netty.channel.pool.FixedChannelPool;

/**
 * The connections of one {@link UpstreamKey}: Netty's bounded pool, with a store of unused channels that forgets closed ones.
 * Netty's own keeps them until somebody happens to take them.
 */
final class KeyedChannelPool extends FixedChannelPool {
    private final TraitsChannelPoolMap map;
    private final UpstreamKey key;
    private final EventLoopGroup group;
    private final IdleChannels idle;

    /** Acquires that wait and channels in use: while there is one, the map keeps this pool. Guarded by the map's lock. */
    private int leases;

    /** @param loop runs the timers, and is not taken from the group in turn: connections alone are spread over it */
    KeyedChannelPool(
            TraitsChannelPoolMap map,
            UpstreamKey key,
            Bootstrap bootstrap,
            EventLoop loop,
            ChannelPoolHandler handler,
            TraitsPoolLimits limits) {
        super(
                bootstrap.clone(loop),
                handler,
                ChannelHealthChecker.ACTIVE,
                AcquireTimeoutAction.FAIL,
                limits.acquireTimeout().toMillis(),
                limits.maxConnections(),
                limits.maxPendingAcquires());
        this.map = map;
        this.key = key;
        group = bootstrap.config().group();
        idle = new IdleChannels(loop, limits.idleTimeout().toNanos());
    }

    /** The map whose pool this is, and whose lock guards {@link #leases()}. */
    TraitsChannelPoolMap map() {
        return map;
    }

    UpstreamKey key() {
        return key;
    }

    void lease() {
        leases++;
    }

    void unlease() {
        leases--;
    }

    int leases() {
        return leases;
    }

    boolean isEmpty() {
        return leases == 0 && idleCount() == 0;
    }

    int idleCount() {
        return idle.size();
    }

    /** To be called when {@code channel} is closed. */
    void forget(Channel channel) {
        idle.remove(channel);
    }

    void closeIdle() {
        idle.closeAll();
    }

    /** Closes the unused channels for good; one that is still in use is closed as it is released. */
    void retire() {
        idle.close();
    }

    @Override
    protected ChannelFuture connectChannel(Bootstrap bootstrap) {
        return bootstrap.clone(group).connect(key.remote());
    }

    @Override
    protected Channel pollChannel() {
        return idle.poll();
    }

    @Override
    protected boolean offerChannel(Channel channel) {
        return idle.offer(channel);
    }
}
