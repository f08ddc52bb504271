// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import io.netty.channel.unix.Socket;
import io.netty.util.Attribute;
import io.pkttraits.Traits;
import io.pkttraits.transport.internal.carrier.CarrierChoice;
import io.pkttraits.transport.internal.carrier.TraitsSocket;

/**
 * The traits that the SYN of an accepted TCP connection brought.
 *
 * <p>They are asked of the kernel once per connection (one system call) and kept in a channel attribute, so that they
 * can be read as often as one likes, also after the connection is closed if they were read before. The listener must
 * keep them: {@link TraitsChannelOption#TCP_SAVE_SYN_TRAITS} or {@link SynTraitsHandler}.
 *
 * <p>Reading never fails a connection: where there are none, where they are malformed or from a sender that is not
 * trusted, where the channel is not TCP over a native transport, the answer is {@link Traits#EMPTY}; {@link
 * TraitsCounter} tells the causes apart.
 */
public final class SynTraits {
    private SynTraits() {}

    /**
     * The traits of the connection under a channel.
     *
     * <p>May be called from any thread. Away from the channel's event loop it may meet the connection's end, and answers
     * {@link Traits#EMPTY} then unless they were read before, as {@link SynTraitsHandler} does.
     *
     * @param channel an accepted channel, or one above it (an HTTP/2 stream's): the nearest TCP channel among it and
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
        Socket socket = TraitsSocket.of(accepted);
        if (socket == null) {
            return Traits.EMPTY;
        }
        if (!accepted.isOpen()) {
            return lost(accepted);
        }
        Traits traits = CarrierChoice.current().carrier().readSyn(socket, accepted);
        if (!accepted.isOpen()) {
            // Closed meanwhile by another thread, so the descriptor may have been another connection's by then.
            return lost(accepted);
        }
        attribute.set(traits);
        return traits;
    }

    private static Traits lost(Channel closed) {
        TraitsCounter.READ_ERROR.incrementAndLogFirst(closed, null);
        return Traits.EMPTY;
    }
}
