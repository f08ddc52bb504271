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
 * Reads and sets the traits of QUIC connections that share a datagram channel, with Netty 4.2's QUIC codec.
 *
 * <p>Add a {@link QuicTraitsHandler} to the datagram channel and a {@link QuicConnectionTraitsHandler} to each {@code
 * QuicChannel}. The methods accept a {@code QuicChannel} or one of its {@code QuicStreamChannel}s. A channel's traits can
 * still be read after it is closed. All methods may be called from any thread.
 *
 * <p>{@link PacketTraits#of} returns the same as {@link #opening}, for channels of any protocol.
 */
public final class QuicTraits {
    /** Defined here because this class loads without the QUIC codec. */
    static final AttributeKey<QuicConnectionTraits> CONNECTION = AttributeKey.valueOf(QuicTraits.class, "CONNECTION");

    private QuicTraits() {}

    /** Returns the connection of a channel or of one of its parents, or {@code null}. */
    private static QuicConnectionTraits connection(Channel channel) {
        for (Channel c = channel; c != null; c = c.parent()) {
            if (c.hasAttr(CONNECTION)) {
                return c.attr(CONNECTION).get();
            }
        }
        return null;
    }

    /**
     * Returns the traits of the datagram that opened a server's connection. That is the client's {@code Initial}; after a
     * {@code Retry}, the {@code Initial} with the token. They do not change.
     *
     * <p>Returns {@link Traits#EMPTY} if the datagram had no traits, if the connection is a client's, or if the handlers are
     * missing.
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
     * Returns the traits of the latest datagram that the codec passed to the connection, {@link Traits#EMPTY} if it had none.
     * In a handler that reads, this is the datagram that is being read.
     *
     * <p>The codec finds the connection by its ID in the datagram, before it has verified that the datagram is authentic.
     */
    public static Traits latest(Channel channel) {
        QuicConnectionTraits connection = connection(channel);
        return connection == null ? Traits.EMPTY : connection.latest();
    }

    /** Returns the traits that {@link #setOutgoing} has set. */
    public static Traits outgoing(Channel channel) {
        QuicConnectionTraits connection = connection(channel);
        return connection == null ? Traits.EMPTY : connection.outgoing();
    }

    /**
     * Sets the traits of all datagrams that a connection sends from its next packet on, including retransmissions and its
     * close.
     *
     * <p>By default a connection sends no traits, and received traits are not sent back. {@code Version Negotiation} and
     * {@code Retry} belong to no connection and are sent without traits.
     *
     * <p>To set the traits of the first packet of a client's connection, call this method in a {@code ChannelInitializer}
     * after the {@link QuicConnectionTraitsHandler} was added.
     *
     * @param traits {@link Traits#EMPTY} to send none
     * @throws TraitsException if the traits cannot be sent to the peer's address or by the datagram channel; nothing has
     *     changed then. If the peer migrates to an address family where they do not fit, writes of its datagrams fail
     *     ({@link TraitsCounter#DATAGRAM_REFUSED}).
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
