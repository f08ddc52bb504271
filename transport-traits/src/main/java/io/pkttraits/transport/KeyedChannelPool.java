// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.pool.ChannelHealthChecker;
import io.netty.channel.pool.ChannelPoolHandler;
import io.netty.channel.pool.FixedChannelPool;

/**
 * The connections of one {@link UpstreamKey}: Netty's bounded pool, with a store of unused channels that forgets closed ones.
 * Netty's own keeps them until somebody happens to take them.
 */
final class KeyedChannelPool extends FixedChannelPool {
    private final UpstreamKey key;
    private final IdleChannels idle;

    /** Acquires that wait and channels in use: while there is one, the map keeps this pool. Guarded by the map's lock. */
    private int leases;

    KeyedChannelPool(UpstreamKey key, Bootstrap bootstrap, ChannelPoolHandler handler, TraitsPoolLimits limits) {
        super(
                bootstrap,
                handler,
                ChannelHealthChecker.ACTIVE,
                AcquireTimeoutAction.FAIL,
                limits.acquireTimeout().toMillis(),
                limits.maxConnections(),
                limits.maxPendingAcquires());
        this.key = key;
        idle = new IdleChannels(
                bootstrap.config().group().next(), limits.idleTimeout().toNanos());
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
        return leases == 0 && idle.size() == 0;
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
        return bootstrap.connect(key.remote());
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
