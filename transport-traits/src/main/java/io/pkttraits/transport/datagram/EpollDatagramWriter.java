// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.unix.Errors;
import io.pkttraits.transport.internal.sys.DatagramSyscalls;

/** Writes a channel's flushed messages with sendmmsg(2), in their order. */
final class EpollDatagramWriter {
    private final EpollTraitsDatagramChannel channel;
    private final TraitsDatagramChannelConfig config;

    EpollDatagramWriter(EpollTraitsDatagramChannel channel) {
        this.channel = channel;
        config = channel.traitsConfig;
    }

    /**
     * Writes until all is written, the socket's buffer is full or {@code maxMessages} are done. A failed message does not
     * stop the next ones, which may have other recipients.
     */
    void write(ChannelOutboundBuffer in, int maxMessages) throws Exception {
        int budget = maxMessages;
        boolean full = false;
        while (!full && budget > 0 && channel.isOpen() && in.current() != null) {
            SendBatch batch = SendBatch.get(config.carrier(), channel.socket.isIpv6(), channel.peer(), budget);
            try {
                in.forEachFlushedMessage(batch);
                if (batch.count() == 0) {
                    in.remove(); // a cancelled one
                    continue;
                }
                int done = writeBatch(in, batch);
                full = done < batch.count();
                budget -= done;
            } finally {
                batch.recycle();
            }
        }
        channel.wantWritable(!in.isEmpty());
    }

    /** Returns how many messages were sent or have failed: not all of them if the socket's buffer is full. */
    private int writeBatch(ChannelOutboundBuffer in, SendBatch batch) {
        int done = 0;
        while (done < batch.count() && channel.isOpen()) {
            int rest = batch.count() - done;
            int sent = DatagramSyscalls.sendmmsg(channel.socket.intValue(), batch.address(done), rest);
            if (sent == 0 || sent == Errors.ERRNO_EAGAIN_NEGATIVE) {
                break;
            }
            if (sent > 0) {
                for (int end = done + sent; done < end; done++) {
                    OutboundCompletion.succeed(in, batch, done, channel);
                }
            } else if (!OutboundCompletion.isSentWithout(batch, done, sent, config)) {
                OutboundCompletion.fail(
                        in, batch, done, DatagramErrors.ofSend("sendmmsg", sent, batch.message(done), config));
                done++;
            }
        }
        return done;
    }
}
