// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.upstream;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.Future;
import io.pkttraits.proxy.net.ClientNetwork;
import io.pkttraits.transport.pool.TraitsChannelPoolMap;
import io.pkttraits.transport.pool.UpstreamKey;
import java.util.function.Consumer;

/** A connection of the pool, for one exchange alone. */
final class Http1Lease implements UpstreamLease {
    private final TraitsChannelPoolMap pools;
    private final PendingShares shares;
    private final UpstreamKey key;
    private final ClientNetwork client;
    /** Waits and is counted, unless it is {@code null}. */
    private Future<Channel> waiting;

    private Channel channel;
    private UpstreamHandler handler;
    private boolean replaced;

    Http1Lease(TraitsChannelPoolMap pools, PendingShares shares, UpstreamKey key, ClientNetwork client) {
        this.pools = pools;
        this.shares = shares;
        this.key = key;
        this.client = client;
    }

    @Override
    public void acquire(Consumer<Channel> onSuccess, Consumer<Throwable> onFailure) {
        if (shares.isFull(client) && !pools.hasIdle(key)) {
            onFailure.accept(shares.refusal(client));
            return;
        }
        Future<Channel> acquired = pools.acquire(key);
        acquired.addListener((Future<Channel> future) -> {
            endWait();
            if (future.isSuccess()) {
                channel = future.getNow();
                handler = channel.pipeline().get(UpstreamHandler.class);
                onSuccess.accept(channel);
            } else {
                onFailure.accept(future.cause());
            }
        });
        if (!acquired.isDone()) {
            waiting = acquired;
            shares.add(client);
        }
    }

    private Future<Channel> endWait() {
        Future<Channel> ended = waiting;
        if (ended != null) {
            waiting = null;
            shares.remove(client);
        }
        return ended;
    }

    @Override
    public boolean isHeld() {
        return channel != null;
    }

    @Override
    public Channel channel() {
        return channel;
    }

    @Override
    public void begin(ResponseListener listener, boolean isHead) {
        handler.begin(listener, isHead);
    }

    /** The connection came from the pool, so the upstream may have closed it before the request arrived. */
    @Override
    public boolean isStale() {
        return !replaced && isHeld() && handler.isReused() && !handler.isAnswered();
    }

    /** Gives up a stale connection, and all others that lie unused for as long, for a fresh one. */
    @Override
    public void replace(Consumer<Channel> onSuccess, Consumer<Throwable> onFailure) {
        replaced = true;
        discard();
        pools.closeIdle(key);
        acquire(onSuccess, onFailure);
    }

    /**
     * Gives the connection back for other exchanges, unless a part of this one's request could not be written, or more came than
     * its response.
     */
    @Override
    public void release() {
        if (isHeld() && (((DuplexChannel) channel).isOutputShutdown() || handler.hasSurplus())) {
            discard();
        } else if (isHeld()) {
            pools.release(take());
        }
    }

    /** Closes the connection, and gives back its place in the pool, or in the queue for one. */
    @Override
    public void discard() {
        Future<Channel> ended = endWait();
        if (ended != null) {
            ended.cancel(false);
        }
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
