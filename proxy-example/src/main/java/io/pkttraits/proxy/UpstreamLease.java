// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.Future;
import io.pkttraits.transport.TraitsChannelPoolMap;
import io.pkttraits.transport.UpstreamKey;
import java.util.function.Consumer;

/** One exchange's hold on a connection of the pool: at most one at a time, given back exactly once. */
final class UpstreamLease {
    private final TraitsChannelPoolMap pools;
    private final UpstreamKey key;
    private Channel channel;
    private UpstreamHandler handler;
    private boolean replaced;

    UpstreamLease(TraitsChannelPoolMap pools, UpstreamKey key) {
        this.pools = pools;
        this.key = key;
    }

    /** Calls one of the two, not necessarily before it returns. */
    void acquire(Consumer<Channel> onSuccess, Consumer<Throwable> onFailure) {
        pools.acquire(key).addListener((Future<Channel> future) -> {
            if (future.isSuccess()) {
                channel = future.getNow();
                handler = channel.pipeline().get(UpstreamHandler.class);
                onSuccess.accept(channel);
            } else {
                onFailure.accept(future.cause());
            }
        });
    }

    boolean isHeld() {
        return channel != null;
    }

    Channel channel() {
        return channel;
    }

    UpstreamHandler handler() {
        return handler;
    }

    /**
     * Whether the connection came from the pool and nothing was heard on it: the upstream may have closed it before the
     * request arrived. {@code false} for one that was acquired by {@link #replace}.
     */
    boolean isStale() {
        return !replaced && isHeld() && handler.isReused() && !handler.isAnswered();
    }

    /** Gives up a stale connection, and all others that lie unused for as long, for a fresh one. */
    void replace(Consumer<Channel> onSuccess, Consumer<Throwable> onFailure) {
        replaced = true;
        discard();
        pools.closeIdle(key);
        acquire(onSuccess, onFailure);
    }

    /**
     * Gives the connection back for other exchanges, unless a part of this one's request could not be written, or more came than
     * its response.
     */
    void release() {
        if (isHeld() && (((DuplexChannel) channel).isOutputShutdown() || handler.hasSurplus())) {
            discard();
        } else if (isHeld()) {
            pools.release(take());
        }
    }

    /** Closes the connection, and gives back its place in the pool. */
    void discard() {
        if (isHeld()) {
            Channel taken = take();
            taken.close().addListener(future -> pools.release(taken));
        }
    }

    private Channel take() {
        Channel taken = channel;
        handler.end();
        channel = null;
        handler = null;
        return taken;
    }
}
