// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.unix.Errors;

/** Writes a channel's flushed messages by sendmmsg(2), in their order. */
final class EpollDatagramWriter {
    private final EpollTraitsDatagramChannel channel;
    private final TraitsDatagramChannelConfig config;

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
        boolean full = false;
        while (!full && budget > 0 && channel.isOpen() && in.current() != null) {
            SendBatch batch = SendBatch.get(config.carrier(), channel.socket.isIpv6(), channel.peer(), budget);
            try {
                in.forEachFlushedMessage(batch);
                int done = writeBatch(in, batch);
                full = done == 0;
                budget -= done;
            } finally {
                batch.recycle();
            }
        }
        channel.wantWritable(!in.isEmpty());
    }

    /** Answers how many messages are done with, sent or not; none if the socket's buffer is full. */
    private int writeBatch(ChannelOutboundBuffer in, SendBatch batch) {
        int count = batch.count();
        if (count == 0) {
            in.remove(); // a cancelled one
            return 1;
        }
        int sent = DatagramSyscalls.sendmmsg(channel.socket.intValue(), batch.address(0), count);
        if (sent == 0 || sent == Errors.ERRNO_EAGAIN_NEGATIVE) {
            return 0;
        }
        if (sent < 0) {
            Object msg = batch.message(0);
            CarrierType carrier = config.carrier().type();
            SentDatagrams.fail(in, msg, DatagramErrors.ofSend("sendmmsg", msg, sent, channel.isConnected(), carrier));
            return 1;
        }
        for (int i = 0; i < sent; i++) {
            SentDatagrams.succeed(in, batch.message(i));
        }
        return sent;
    }
}
