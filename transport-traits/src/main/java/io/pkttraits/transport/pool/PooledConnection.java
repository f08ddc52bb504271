// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.pool;

import io.netty.channel.Channel;

/** One connection of a {@link TraitsChannelPoolMap}, from the decision to open it to its close. Guarded by the map's lock. */
final class PooledConnection {
    enum State {
        /** Being opened, or with somebody who acquired it. */
        USED,
        /** Unused, in the pool. */
        IDLE,
        /** Being closed by the pool. */
        CLOSING,
        /** Closed; its place is free. */
        GONE
    }

    private final TraitsChannelPoolMap map;
    private final KeyedPool pool;
    private volatile Channel channel;
    private State state = State.USED;
    private long idleSinceNanos;
    private boolean lent;

    PooledConnection(TraitsChannelPoolMap map, KeyedPool pool) {
        this.map = map;
        this.pool = pool;
    }

    TraitsChannelPoolMap map() {
        return map;
    }

    KeyedPool pool() {
        return pool;
    }

    /** {@code null} until it is open. */
    Channel channel() {
        return channel;
    }

    void opened(Channel channel) {
        this.channel = channel;
    }

    /** Whether somebody has it who is to release it; on the channel's event loop alone. */
    boolean isLent() {
        return lent;
    }

    void lent(boolean lent) {
        this.lent = lent;
    }

    State state() {
        return state;
    }

    void become(State state) {
        this.state = state;
    }

    long idleSinceNanos() {
        return idleSinceNanos;
    }

    void idleSince(long nanos) {
        idleSinceNanos = nanos;
    }
}
