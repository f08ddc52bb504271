// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.quic;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.pkttraits.Traits;
import io.pkttraits.transport.PacketTraits;
import io.pkttraits.transport.TraitsCounter;
import io.pkttraits.transport.TraitsException;
import java.util.Objects;

/**
 * The traits of QUIC connections that share a datagram channel, on Netty 4.2's QUIC codec.
 *
 * <p>It takes a {@link QuicTraitsHandler} on the datagram channel and a {@link QuicConnectionTraitsHandler} on each {@code
 * QuicChannel}. A channel here is a {@code QuicChannel} or one of its {@code QuicStreamChannel}s. Traits belong to their
 * channel and are forgotten with it; they can be read after it is closed. All methods may be called from any thread.
 *
 * <p>{@link PacketTraits#of} answers {@link #opening} without a mention of QUIC.
 */
public final class QuicTraits {
    /** Here, since this class loads without the QUIC codec. */
    static final AttributeKey<QuicConnectionTraits> CONNECTION = AttributeKey.valueOf(QuicTraits.class, "CONNECTION");

    private QuicTraits() {}

    /** The connection at or under a channel, or {@code null}. */
    private static QuicConnectionTraits connection(Channel channel) {
        for (Channel c = channel; c != null; c = c.parent()) {
            if (c.hasAttr(CONNECTION)) {
                return c.attr(CONNECTION).get();
            }
        }
        return null;
    }

    /**
     * The traits of the datagram that opened a server's connection: its {@code Initial}, after a {@code Retry} the one with
     * the token. They stay the same. {@link Traits#EMPTY} if there were none, on a client's connection, and where the
     * handlers are missing.
     */
    public static Traits opening(Channel channel) {
        for (Channel c = channel; c != null; c = c.parent()) {
            if (c.hasAttr(CONNECTION)) {
                Traits traits = c.attr(PacketTraits.TRAITS).get();
                return traits == null ? Traits.EMPTY : traits;
            }
        }
        return Traits.EMPTY;
    }

    /**
     * The traits of the latest datagram that the codec gave to the connection, {@link Traits#EMPTY} if it had none. In a
     * handler that runs as the datagram is read, that is the one being read.
     *
     * <p>The codec finds the connection by the datagram's connection id, before it knows whether the datagram is authentic.
     */
    public static Traits latest(Channel channel) {
        QuicConnectionTraits connection = connection(channel);
        return connection == null ? Traits.EMPTY : connection.latest();
    }

    /** What {@link #setOutgoing} has set. */
    public static Traits outgoing(Channel channel) {
        QuicConnectionTraits connection = connection(channel);
        return connection == null ? Traits.EMPTY : connection.outgoing();
    }

    /**
     * Sets the traits with which all datagrams of a connection are sent from its next packet on, retransmissions and its
     * close included. None unless it is called; what comes in is not sent back. {@code Version Negotiation} and {@code
     * Retry} are sent without traits, being of no connection.
     *
     * <p>To have them on the first packet of a client's connection, call it from a {@code ChannelInitializer} behind the
     * {@link QuicConnectionTraitsHandler}.
     *
     * @param traits {@link Traits#EMPTY} for none
     * @throws TraitsException if they cannot be sent to the peer's address, or by the datagram channel; nothing has changed
     *     then. Should the peer migrate to an address family where they do not fit, its datagrams fail as other
     *     writes do ({@link TraitsCounter#DATAGRAM_REFUSED}).
     * @throws IllegalArgumentException if the channel is no QUIC channel with a {@link QuicConnectionTraitsHandler}
     */
    public static void setOutgoing(Channel channel, Traits traits) throws TraitsException {
        Objects.requireNonNull(traits, "traits");
        QuicConnectionTraits connection = connection(channel);
        if (connection == null) {
            throw new IllegalArgumentException(
                    "no QUIC channel with a QuicConnectionTraitsHandler is at or under " + channel);
        }
        connection.setOutgoing(traits);
    }
}
