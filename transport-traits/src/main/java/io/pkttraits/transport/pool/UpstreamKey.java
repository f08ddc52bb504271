// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.pool;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.pkttraits.Traits;
import java.net.SocketAddress;
import java.util.Objects;

/**
 * The pool key of a {@link TraitsChannelPoolMap}: the address, the traits of the SYN, and optionally something else that a connection
 * belongs to. A connection serves only requests with an equal pool key, because none of these can change on an open connection.
 *
 * @param remote the address to connect to
 * @param traits the traits of the SYN, {@link Traits#EMPTY} for none
 * @param affinity whatever else a connection belongs to, such as the client that its first bytes name, with {@code equals}
 *     and {@code hashCode}; {@code null} for nothing
 */
public record UpstreamKey(SocketAddress remote, Traits traits, Object affinity) {
    private static final AttributeKey<UpstreamKey> OF_CHANNEL = AttributeKey.valueOf(UpstreamKey.class, "OF_CHANNEL");

    /** A key without affinity. */
    public UpstreamKey(SocketAddress remote, Traits traits) {
        this(remote, traits, null);
    }

    public UpstreamKey {
        Objects.requireNonNull(remote, "remote");
        Objects.requireNonNull(traits, "traits");
    }

    /**
     * Returns the pool key of a connection of a {@link TraitsChannelPoolMap}; {@code null} for any other channel. The pool key is
     * already set when {@code ChannelPoolHandler.channelCreated} is called. May be called from any thread.
     */
    public static UpstreamKey of(Channel channel) {
        return channel.attr(OF_CHANNEL).get();
    }

    void setOn(Channel channel) {
        channel.attr(OF_CHANNEL).set(this);
    }
}
