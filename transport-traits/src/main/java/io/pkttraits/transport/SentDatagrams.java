// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.channel.ChannelOutboundBuffer;

/** Takes the messages of a batch out of the outbound buffer, in their order, as what became of them is known. */
final class SentDatagrams {
    private SentDatagrams() {}

    /** Removes the message, which was sent. */
    static void succeed(ChannelOutboundBuffer in, Object msg) {
        if (msg instanceof TraitsDatagramPacket packet && !packet.traits().isEmpty()) {
            TraitsCounter.DATAGRAM_SENT.increment();
        }
        skipCancelled(in, msg);
        in.remove();
    }

    /** Removes the message, which was not sent. */
    static void fail(ChannelOutboundBuffer in, Object msg, Throwable cause) {
        skipCancelled(in, msg);
        in.remove(cause);
    }

    /** Their message is another by now, so that going by count would take a sent one for them. */
    private static void skipCancelled(ChannelOutboundBuffer in, Object msg) {
        while (in.current() != null && in.current() != msg) {
            in.remove();
        }
    }
}
