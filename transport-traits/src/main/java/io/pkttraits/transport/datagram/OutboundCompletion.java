// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.pkttraits.transport.TraitsCounter;
import io.pkttraits.transport.UnsendablePolicy;
import io.pkttraits.transport.internal.carrier.Counts;

/** Removes the messages of a batch from the outbound buffer, in their order, when they were sent or have failed. */
final class OutboundCompletion {
    private OutboundCompletion() {}

    /** Removes a message that was sent. */
    static void succeed(ChannelOutboundBuffer in, SendBatch batch, int index, Channel channel) {
        Object msg = batch.message(index);
        if (batch.hasTraits(index)) {
            Counts.add(TraitsCounter.DATAGRAM_SENT, OutboundFilter.datagrams(msg), channel);
        }
        skipCancelled(in, msg);
        in.remove();
    }

    /** Removes a message that was not sent. */
    static void fail(ChannelOutboundBuffer in, SendBatch batch, int index, Throwable cause) {
        skipCancelled(in, batch.message(index));
        in.remove(cause);
    }

    /**
     * Removes the traits of a message that the kernel refused, if {@link UnsendablePolicy#DROP} is set. Returns true if the
     * message must be sent again.
     */
    static boolean isSentWithout(SendBatch batch, int index, int errno, TraitsDatagramChannelConfig config) {
        if (!batch.hasTraits(index) || !DatagramErrors.isDropped(batch.message(index), errno, config)) {
            return false;
        }
        batch.takeTraitsOff(index);
        return true;
    }

    /** Removes cancelled entries before the message. Netty has replaced their messages, so they are in no batch. */
    private static void skipCancelled(ChannelOutboundBuffer in, Object msg) {
        while (in.current() != null && in.current() != msg) {
            in.remove();
        }
    }
}
