// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.IoRegistration;
import io.netty.channel.unix.Errors;
import io.netty.channel.uring.IoUringIoOps;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;

/**
 * Writes a channel's flushed messages in batches of SENDMSG submissions, each of which begins when the one before has
 * succeeded, so that they go out in their order. What comes behind a message that fails is submitted anew.
 */
final class IoUringDatagramWriter {
    private final IoUringTraitsDatagramChannel channel;
    private final TraitsDatagramChannelConfig config;
    private final int[] results = new int[SendBatch.MAX_MESSAGES];

    /** The submissions of a batch whose memory is at {@link #opsAt}, which is most often that of the one before. */
    private final IoUringIoOps[] linked = new IoUringIoOps[SendBatch.MAX_MESSAGES];

    private final IoUringIoOps[] unlinked = new IoUringIoOps[SendBatch.MAX_MESSAGES];
    private long opsAt;
    private SendBatch batch;
    private OutstandingOps outstanding = new OutstandingOps(null);
    private boolean cancelled;

    IoUringDatagramWriter(IoUringTraitsDatagramChannel channel) {
        this.channel = channel;
        config = channel.traitsConfig;
    }

    /** Whether a batch is under way. */
    boolean isWriting() {
        return batch != null;
    }

    /** Whether some of a batch are submitted and have not completed. */
    boolean isOutstanding() {
        return !outstanding.isEmpty();
    }

    /** Starts a batch. */
    void begin(ChannelOutboundBuffer in, int maxMessages, IoRegistration registration) throws Exception {
        SendBatch next = SendBatch.get(config.carrier(), channel.socket.isIpv6(), channel.peer(), maxMessages);
        while (in.current() != null) {
            in.forEachFlushedMessage(next);
            if (next.count() > 0) {
                break;
            }
            in.remove(); // a cancelled one
        }
        if (next.count() == 0) {
            next.recycle();
            return;
        }
        batch = next;
        cancelled = false;
        for (int i = 0; i < batch.count(); i++) {
            results[i] = -Errno.ECANCELED;
        }
        submit(registration);
    }

    /** Submits what has not been sent nor refused. */
    private void submit(IoRegistration registration) {
        if (!outstanding.isFor(registration)) {
            outstanding = new OutstandingOps(registration);
        }
        int last = batch.count() - 1;
        while (!isUnsent(last)) {
            last--;
        }
        for (int i = 0; i <= last; i++) {
            if (isUnsent(i)) {
                outstanding.submit(op(i, i == last), i);
            }
        }
    }

    private IoUringIoOps op(int index, boolean last) {
        if (opsAt != batch.address(0)) {
            opsAt = batch.address(0);
            Arrays.fill(linked, null);
            Arrays.fill(unlinked, null);
        }
        IoUringIoOps[] ops = last ? unlinked : linked;
        if (ops[index] == null) {
            ops[index] = IoUringOps.sendmsg(channel.socket.intValue(), batch.address(index), last, index);
        }
        return ops[index];
    }

    /** Sends no more than has been sent by now. */
    void cancel() {
        if (batch != null && !cancelled) {
            cancelled = true;
            outstanding.cancel();
        }
    }

    /**
     * What became of a message.
     *
     * @param result bytes sent or {@code -errno}
     */
    void completed(int message, int result) {
        outstanding.completed(message);
        results[message] = result;
    }

    /**
     * Goes on when nothing is outstanding: takes what was sent or refused out of the outbound buffer, or submits what was
     * held up by a refused one.
     *
     * @param registration the current one, {@code null} while there is none
     */
    void end(ChannelOutboundBuffer in, IoRegistration registration, boolean closing) {
        if (!closing && hasMore()) {
            if (registration != null) {
                cancelled = false;
                submit(registration);
            }
            return;
        }
        SendBatch done = batch;
        for (int i = 0; i < done.count(); i++) {
            remove(in, i);
        }
        batch = null;
        done.recycle();
    }

    /** Whether some are to be submitted once more. */
    private boolean hasMore() {
        boolean more = false;
        for (int i = 0; i < batch.count(); i++) {
            if (results[i] < 0 && !isUnsent(i) && SentDatagrams.isSentWithout(batch, i, results[i], config)) {
                results[i] = -Errno.ECANCELED;
            }
            more |= isUnsent(i);
        }
        return more;
    }

    /** Cancelled as one behind a failed one or by us; EAGAIN is not to be expected where submissions wait. */
    private boolean isUnsent(int message) {
        return results[message] == -Errno.ECANCELED || results[message] == Errors.ERRNO_EAGAIN_NEGATIVE;
    }

    private void remove(ChannelOutboundBuffer in, int index) {
        if (results[index] >= 0) {
            SentDatagrams.succeed(in, batch, index);
        } else if (isUnsent(index)) {
            SentDatagrams.fail(in, batch, index, new ClosedChannelException());
        } else {
            SentDatagrams.fail(
                    in, batch, index, DatagramErrors.ofSend("sendmsg", results[index], batch.message(index), config));
        }
    }
}
