// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.IoRegistration;
import io.netty.channel.unix.Errors;
import io.netty.channel.uring.IoUringIoOps;
import io.pkttraits.transport.internal.sys.Errno;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;

/**
 * Writes a channel's flushed messages in batches of SENDMSG submissions, with io_uring. The kernel executes the
 * submissions in their order.
 *
 * <p>A submission does not wait for room in the socket, because the next ones would overtake it. If the socket is full, or
 * traits were refused and removed, the rest of the batch is submitted message by message, and each waits for room. Later
 * batches grow from one message on. So a message that was submitted twice may be sent after others of its batch.
 */
final class IoUringDatagramWriter {
    private final IoUringTraitsDatagramChannel channel;
    private final TraitsDatagramChannelConfig config;
    private final int[] results = new int[SendBatch.MAX_MESSAGES];

    /** The submissions for a batch whose memory is at {@link #opsAt}. Most batches have the memory of the one before. */
    private final IoUringIoOps[] waiting = new IoUringIoOps[SendBatch.MAX_MESSAGES];

    private final IoUringIoOps[] immediate = new IoUringIoOps[SendBatch.MAX_MESSAGES];
    private long opsAt;
    private SendBatch batch;
    private PendingSqes outstanding = new PendingSqes(null);
    /** Whether listeners of the batch's promises may be running. */
    private boolean ending;
    /** Whether the batch has found the socket full, or traits refused, which may be so for those behind too. */
    private boolean full;
    /** How many messages there is likely to be room for. */
    private int likely = SendBatch.MAX_MESSAGES;

    IoUringDatagramWriter(IoUringTraitsDatagramChannel channel) {
        this.channel = channel;
        config = channel.traitsConfig;
    }

    /** Whether there is a batch. */
    boolean isWriting() {
        return batch != null;
    }

    /** Whether a submission of the batch has not completed. */
    boolean isOutstanding() {
        return !outstanding.isEmpty();
    }

    /** Whether nothing of the batch is submitted, and {@link #end} must be called and is not running. */
    boolean isStalled() {
        return isWriting() && !isOutstanding() && !ending;
    }

    /** Starts a batch. */
    void begin(ChannelOutboundBuffer in, int maxMessages, IoRegistration registration) throws Exception {
        int limit = Math.min(likely, maxMessages);
        SendBatch next = SendBatch.get(config.carrier(), channel.socket.isIpv6(), channel.peer(), limit);
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
        full = false;
        for (int i = 0; i < batch.count(); i++) {
            results[i] = -Errno.ECANCELED;
        }
        submit(registration);
    }

    /** Submits what was neither sent nor refused. */
    private void submit(IoRegistration registration) {
        if (!outstanding.isFor(registration)) {
            outstanding = new PendingSqes(registration);
        }
        boolean alone = full || batch.count() == 1;
        for (int i = 0; i < batch.count(); i++) {
            if (isUnsent(i)) {
                outstanding.submit(op(i, alone), i);
                if (alone) {
                    return;
                }
            }
        }
    }

    private IoUringIoOps op(int index, boolean wait) {
        if (opsAt != batch.address(0)) {
            opsAt = batch.address(0);
            Arrays.fill(waiting, null);
            Arrays.fill(immediate, null);
        }
        IoUringIoOps[] ops = wait ? waiting : immediate;
        if (ops[index] == null) {
            ops[index] = DatagramSqe.sendmsg(channel.socket.intValue(), batch.address(index), wait, index);
        }
        return ops[index];
    }

    /** Cancels what is submitted. It stays in the batch. */
    void cancel() {
        outstanding.cancel();
    }

    /**
     * Takes the result of a submission.
     *
     * @param result bytes sent or {@code -errno}
     */
    void completed(int message, int result) {
        outstanding.completed(message);
        results[message] = result;
        full |= result == Errors.ERRNO_EAGAIN_NEGATIVE;
    }

    /**
     * Continues when nothing is outstanding: submits what is left of the batch, or else removes the batch's messages from
     * the outbound buffer.
     *
     * @param registration the current one, {@code null} while there is none
     */
    void end(ChannelOutboundBuffer in, IoRegistration registration, boolean closing) {
        if (!closing && hasMore()) {
            if (registration != null) {
                submit(registration);
            }
            return;
        }
        SendBatch done = batch;
        likely = full ? 1 : Math.min(2 * likely, SendBatch.MAX_MESSAGES);
        ending = true;
        for (int i = 0; i < done.count(); i++) {
            remove(in, i);
        }
        ending = false;
        batch = null;
        done.recycle();
    }

    /** Whether messages of the batch must be submitted again. */
    private boolean hasMore() {
        boolean more = false;
        for (int i = 0; i < batch.count(); i++) {
            if (results[i] < 0 && !isUnsent(i) && OutboundCompletion.isSentWithout(batch, i, results[i], config)) {
                results[i] = -Errno.ECANCELED;
                full = true;
            }
            more |= isUnsent(i);
        }
        return more;
    }

    /** Whether a message was not submitted yet, was cancelled by us, or found no room in the socket. */
    private boolean isUnsent(int message) {
        return results[message] == -Errno.ECANCELED || results[message] == Errors.ERRNO_EAGAIN_NEGATIVE;
    }

    private void remove(ChannelOutboundBuffer in, int index) {
        if (results[index] >= 0) {
            OutboundCompletion.succeed(in, batch, index, config.channel());
        } else if (isUnsent(index)) {
            OutboundCompletion.fail(in, batch, index, new ClosedChannelException());
        } else {
            OutboundCompletion.fail(
                    in, batch, index, DatagramErrors.ofSend("sendmsg", results[index], batch.message(index), config));
        }
    }
}
