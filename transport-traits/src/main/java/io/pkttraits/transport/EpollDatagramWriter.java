// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.unix.Errors;
import io.pkttraits.codec.Traits;

/** Writes a channel's flushed messages by sendmmsg(2), in their order. */
final class EpollDatagramWriter implements ChannelOutboundBuffer.MessageProcessor {
    private final EpollTraitsDatagramChannel channel;
    private final TraitsDatagramChannelConfig config;
    /** What is in the batch: the outbound buffer also has entries that were cancelled, and are in no batch. */
    private final Object[] messages = new Object[SendBatch.MAX_MESSAGES];

    private SendBatch batch;
    /** The one whose traits the kernel refused last, to be sent without. */
    private Object stripped;
    /** Whether the next one is likely to be refused too, so that nothing is gained by preparing those behind it. */
    private boolean oneByOne;

    EpollDatagramWriter(EpollTraitsDatagramChannel channel) {
        this.channel = channel;
        config = channel.traitsConfig;
    }

    /**
     * Writes until all is written, the socket's buffer is full or {@code maxMessages} are done. A message that fails does
     * not hold up those behind it, which may be for others.
     */
    void write(ChannelOutboundBuffer in, int maxMessages) throws Exception {
        int budget = maxMessages;
        while (budget > 0 && channel.isOpen() && in.current() != null) {
            batch = SendBatch.get(config.carrier(), channel.socket.isIpv6(), channel.peer(), oneByOne ? 1 : budget);
            in.forEachFlushedMessage(this);
            int count = batch.count();
            int sent = count == 0 ? 0 : DatagramSyscalls.sendmmsg(channel.socket.intValue(), batch.address(), count);
            if (count == 0) {
                in.remove(); // a cancelled one
            } else if (sent > 0) {
                budget -= sent;
                removeSent(in, sent);
            } else if (sent == 0 || sent == Errors.ERRNO_EAGAIN_NEGATIVE) {
                break;
            } else if (messages[0] != stripped && DatagramErrors.isDropped(messages[0], sent, config)) {
                stripped = messages[0];
                oneByOne = true;
            } else {
                budget--;
                stripped = null;
                skipCancelled(in, messages[0]);
                in.remove(DatagramErrors.ofSend(
                        messages[0],
                        sent,
                        channel.isConnected(),
                        config.carrier().type()));
            }
        }
        channel.wantWritable(!in.isEmpty());
    }

    @Override
    public boolean processMessage(Object msg) {
        int index = batch.count();
        if (!batch.add(msg, traits(msg))) {
            return false;
        }
        messages[index] = msg;
        return true;
    }

    private Traits traits(Object msg) {
        return msg == stripped ? Traits.EMPTY : OutboundDatagrams.traits(msg);
    }

    private void removeSent(ChannelOutboundBuffer in, int sent) {
        int withTraits = 0;
        oneByOne = messages[0] == stripped;
        for (int i = 0; i < sent; i++) {
            Object msg = messages[i];
            if (!traits(msg).isEmpty()) {
                withTraits += OutboundDatagrams.datagrams(msg);
            }
            skipCancelled(in, msg);
            in.remove();
        }
        stripped = null;
        TraitsCounter.DATAGRAM_SENT.add(withTraits);
    }

    /** Their message is another by now, so that going by count would take a sent one for them. */
    private static void skipCancelled(ChannelOutboundBuffer in, Object msg) {
        while (in.current() != null && in.current() != msg) {
            in.remove();
        }
    }
}
