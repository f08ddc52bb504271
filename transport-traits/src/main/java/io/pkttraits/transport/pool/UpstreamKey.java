// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.pool;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.pkttraits.Traits;
import java.net.SocketAddress;
import java.util.Objects;

/**
 * What makes two upstream connections interchangeable: where they lead, the traits that their SYN carried, and what else they
 * belong to. None of that can change once a connection is open, so it may only serve requests of an equal key.
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
     * What a connection of a {@link TraitsChannelPoolMap} was opened for, already while its pipeline is set up; {@code null}
     * for any other channel. May be called from any thread.
     */
    public static UpstreamKey of(Channel channel) {
        return channel.attr(OF_CHANNEL).get();
    }

    void setOn(Channel channel) {
        channel.attr(OF_CHANNEL).set(this);
    }
}
