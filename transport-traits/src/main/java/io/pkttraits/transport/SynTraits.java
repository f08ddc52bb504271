// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.Socket;
import io.netty.util.Attribute;
import io.pkttraits.Traits;
import io.pkttraits.transport.internal.carrier.CarrierChoice;
import io.pkttraits.transport.internal.carrier.TraitsSocket;

/**
 * The traits that the SYN of an accepted TCP connection brought.
 *
 * <p>The kernel is asked once per connection (one system call). The answer is kept in the channel attribute {@link
 * PacketTraits#TRAITS}, so it can be read any number of times, also after the connection is closed if it was read before. The
 * listener must save the traits: {@link SynTraitsHandler} or {@link TraitsChannelOption#TCP_SAVE_SYN_TRAITS}.
 *
 * <p>Reading never fails a connection. The answer is {@link Traits#EMPTY} if there are no traits, if they are malformed or their
 * sender is not trusted, if the listener did not save them, or if the channel is not TCP over a native transport. {@link
 * TraitsCounter} tells the causes apart.
 */
public final class SynTraits {
    private SynTraits() {}

    /**
     * Returns the traits of the connection under a channel: those of the SYN, unless the application has put others into {@link
     * PacketTraits#TRAITS}.
     *
     * <p>May be called from any thread. If the connection ends during a call from another thread than the channel's event loop,
     * the answer is {@link Traits#EMPTY}, unless the traits were read before, as {@link SynTraitsHandler} does.
     *
     * @param channel an accepted channel, or one above it such as an HTTP/2 stream: the nearest accepted channel among it and
     *     its parents counts
     */
    public static Traits of(Channel channel) {
        for (Channel c = channel; c != null; c = c.parent()) {
            if (c.parent() instanceof ServerChannel) {
                return ofAccepted(c);
            }
        }
        return Traits.EMPTY;
    }

    static Traits ofAccepted(Channel accepted) {
        Attribute<Traits> attribute = accepted.attr(PacketTraits.TRAITS);
        Traits known = attribute.get();
        if (known != null) {
            return known;
        }
        // TCP_SAVED_SYN answers one reader only. Nobody waits here where SynTraitsHandler read at accept.
        synchronized (attribute) {
            known = attribute.get();
            return known != null ? known : fetch(accepted, attribute);
        }
    }

    /** Reads the traits of a connection that no other thread knows yet. */
    static void fetchAtAccept(Channel accepted) {
        Attribute<Traits> attribute = accepted.attr(PacketTraits.TRAITS);
        if (attribute.get() == null) {
            fetch(accepted, attribute);
        }
    }

    private static Traits fetch(Channel accepted, Attribute<Traits> attribute) {
        Socket socket = socketToRead(accepted);
        if (socket == null) {
            return keep(attribute, Traits.EMPTY);
        }
        if (!accepted.isOpen()) {
            return lost(accepted);
        }
        Traits traits = CarrierChoice.current().carrier().readSyn(socket, accepted);
        if (!accepted.isOpen()) {
            // Closed meanwhile by another thread, so the descriptor may have been another connection's by then.
            return lost(accepted);
        }
        return keep(attribute, traits);
    }

    /** What somebody else has put there meanwhile stays. */
    private static Traits keep(Attribute<Traits> attribute, Traits traits) {
        Traits other = attribute.setIfAbsent(traits);
        return other == null ? traits : other;
    }

    /**
     * Returns the socket under a listener or accepted channel, or {@code null} if no traits can be read there. If the channel is
     * TCP, so that traits could have been expected, that is counted.
     */
    static Socket socketToRead(Channel channel) {
        Throwable noCarrier = CarrierChoice.current().receiveUnavailability();
        Socket socket = TraitsSocket.of(channel);
        if (socket != null && noCarrier == null) {
            return socket;
        }
        if (channel instanceof SocketChannel || channel instanceof ServerSocketChannel) {
            if (noCarrier != null) {
                TraitsCounter.SYN_NO_CARRIER.incrementAndLogReason(channel, noCarrier.getMessage());
            } else {
                TraitsCounter.SYN_CHANNEL_UNSUPPORTED.incrementAndLogFirst(channel, null);
            }
        }
        return null;
    }

    private static Traits lost(Channel closed) {
        TraitsCounter.READ_ERROR.incrementAndLogFirst(closed, null);
        return Traits.EMPTY;
    }
}
