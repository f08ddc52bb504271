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
 * Writes a channel's flushed messages in batches of SENDMSG submissions, which the kernel carries out in their order.
 *
 * <p>None of a batch waits, since those behind it would overtake it. Once the socket is found full, or traits were refused
 * and are taken off, its messages go one by one, each waiting for room, and later batches grow from one message on. So a
 * message that was submitted twice may come behind others of its batch.
 */
final class IoUringDatagramWriter {
    private final IoUringTraitsDatagramChannel channel;
    private final TraitsDatagramChannelConfig config;
    private final int[] results = new int[SendBatch.MAX_MESSAGES];

    /** The submissions of a batch whose memory is at {@link #opsAt}, which is most often that of the one before. */
    private final IoUringIoOps[] waiting = new IoUringIoOps[SendBatch.MAX_MESSAGES];

    private final IoUringIoOps[] immediate = new IoUringIoOps[SendBatch.MAX_MESSAGES];
    private long opsAt;
    private SendBatch batch;
    private PendingSqes outstanding = new PendingSqes(null);
    private boolean cancelled;
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

    /** Whether a batch is under way. */
    boolean isWriting() {
        return batch != null;
    }

    /** Whether some of a batch are submitted and have not completed. */
    boolean isOutstanding() {
        return !outstanding.isEmpty();
    }

    /** Whether {@link #end} has to be called, and is not at it. */
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
        cancelled = false;
        full = false;
        for (int i = 0; i < batch.count(); i++) {
            results[i] = -Errno.ECANCELED;
        }
        submit(registration);
    }

    /** Submits what has not been sent nor refused. */
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
        full |= result == Errors.ERRNO_EAGAIN_NEGATIVE;
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
        likely = full ? 1 : Math.min(2 * likely, SendBatch.MAX_MESSAGES);
        ending = true;
        for (int i = 0; i < done.count(); i++) {
            remove(in, i);
        }
        ending = false;
        batch = null;
        done.recycle();
    }

    /** Whether some are to be submitted once more. */
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

    /** Not submitted yet, cancelled by us, or without room in the socket. */
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
