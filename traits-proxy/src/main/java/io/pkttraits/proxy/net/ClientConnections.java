// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.net;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;

/** The open connections of clients, and how they end when the proxy does. Thread-safe. */
public final class ClientConnections implements Iterable<Channel> {
    /** The user event that closes a client's connection as soon as it has no request in flight. */
    public static final Object DRAIN = new Object();

    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private volatile boolean draining;

    public void add(Channel connection) {
        channels.add(connection);
    }

    public int size() {
        return channels.size();
    }

    @Override
    public Iterator<Channel> iterator() {
        return channels.iterator();
    }

    /** Whether connections serve only the requests that are in flight. */
    public boolean isDraining() {
        return draining;
    }

    /** A connection that becomes active after this call has to end by itself. */
    public void startDraining() {
        draining = true;
    }

    /**
     * Ends the connections: lets requests in flight finish for as long as {@code grace}, then closes what is left. Blocks; not to be
     * called on an event loop.
     *
     * @return whether all requests could finish
     */
    public boolean drain(Duration grace) {
        for (Channel connection : channels) {
            connection.pipeline().fireUserEventTriggered(DRAIN);
        }
        boolean drained = channels.newCloseFuture().awaitUninterruptibly(grace.toMillis(), TimeUnit.MILLISECONDS);
        channels.close().awaitUninterruptibly();
        return drained;
    }
}
