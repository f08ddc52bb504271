// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.pkttraits.transport.TraitsCounter;
import io.pkttraits.transport.UnsendablePolicy;
import io.pkttraits.transport.internal.carrier.Counts;

/** Takes the messages of a batch out of the outbound buffer, in their order, as what became of them is known. */
final class OutboundCompletion {
    private OutboundCompletion() {}

    /** Removes a message, which was sent. */
    static void succeed(ChannelOutboundBuffer in, SendBatch batch, int index, Channel channel) {
        Object msg = batch.message(index);
        if (batch.hasTraits(index)) {
            Counts.add(TraitsCounter.DATAGRAM_SENT, OutboundFilter.datagrams(msg), channel);
        }
        skipCancelled(in, msg);
        in.remove();
    }

    /** Removes a message, which was not sent. */
    static void fail(ChannelOutboundBuffer in, SendBatch batch, int index, Throwable cause) {
        skipCancelled(in, batch.message(index));
        in.remove(cause);
    }

    /**
     * Takes the traits off a message that the kernel refused, by {@link UnsendablePolicy#DROP}. True if it is to be sent
     * again.
     */
    static boolean isSentWithout(SendBatch batch, int index, int errno, TraitsDatagramChannelConfig config) {
        if (!batch.hasTraits(index) || !DatagramErrors.isDropped(batch.message(index), errno, config)) {
            return false;
        }
        batch.takeTraitsOff(index);
        return true;
    }

    /** Their message is another by now, so that going by count would take a sent one for them. */
    private static void skipCancelled(ChannelOutboundBuffer in, Object msg) {
        while (in.current() != null && in.current() != msg) {
            in.remove();
        }
    }
}
