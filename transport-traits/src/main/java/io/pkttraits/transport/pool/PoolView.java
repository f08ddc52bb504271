// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.pool;

import io.netty.channel.Channel;
import io.netty.channel.pool.ChannelPool;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.util.Objects;

/** One key of a {@link TraitsChannelPoolMap} as a {@link ChannelPool}; holds no connection itself. */
final class PoolView implements ChannelPool {
    private final TraitsChannelPoolMap map;
    private final UpstreamKey key;

    PoolView(TraitsChannelPoolMap map, UpstreamKey key) {
        this.map = map;
        this.key = Objects.requireNonNull(key, "key");
    }

    @Override
    public Future<Channel> acquire() {
        return map.acquire(key);
    }

    @Override
    public Future<Channel> acquire(Promise<Channel> promise) {
        return map.acquire(key, promise);
    }

    @Override
    public Future<Void> release(Channel channel) {
        return map.release(channel);
    }

    @Override
    public Future<Void> release(Channel channel, Promise<Void> promise) {
        return map.release(channel, promise);
    }

    @Override
    public void close() {
        map.closeIdle(key);
    }
}
