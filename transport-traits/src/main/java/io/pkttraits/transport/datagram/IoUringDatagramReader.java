// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.IoRegistration;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.PreferredDirectByteBufAllocator;
import io.netty.channel.uring.IoUringIoOps;
import io.netty.util.ReferenceCountUtil;
import io.pkttraits.transport.internal.sys.Errno;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a channel's datagrams in rounds of RECVMSG submissions, with io_uring.
 *
 * <p>The first submission of a round waits for a datagram. The others receive what is in the queue, or nothing. As many
 * are submitted as are likely to find a datagram. If only the first one is left and the round has received datagrams, it
 * is cancelled, because it would hold them up.
 *
 * <p>Datagrams are fired in the order of completions, which is the order of the socket's queue.
 */
final class IoUringDatagramReader {
    /** The submission that waits for a datagram. */
    private static final int WAITING = 0;

    /** The state of the latest round; see the drawing in {@link IoUringTraitsDatagramChannel}. */
    private enum Round {
        /** There was none, or it has ended. */
        IDLE,
        /** It has ended by itself with neither a datagram nor an error, e.g. woken by a datagram with a bad checksum. */
        FRUITLESS,
        READING,
        /** It is still reading, and cancelled. */
        CANCELLED
    }

    private final IoUringTraitsDatagramChannel channel;
    private final TraitsDatagramChannelConfig config;
    private final PreferredDirectByteBufAllocator allocator = new PreferredDirectByteBufAllocator();
    private final List<Object> packets = new ArrayList<>();
    private final PendingSqes outstanding;

    private ReceiveBatch batch;
    private IoUringIoOps[] ops = new IoUringIoOps[0];
    private Round round = Round.IDLE;
    private ByteBuf data;
    private int count;
    private int share;
    private int filled;
    private int bytes;
    private Throwable failure;
    private int likely = 1;

    IoUringDatagramReader(IoUringTraitsDatagramChannel channel, IoRegistration registration) {
        this.channel = channel;
        config = channel.traitsConfig;
        outstanding = new PendingSqes(registration);
    }

    boolean isFruitless() {
        return round == Round.FRUITLESS;
    }

    /** Whether the pipeline is informed of the latest round. */
    private boolean isNews() {
        return filled > 0 || failure != null;
    }

    /** Whether a round has not ended, so that the kernel may be using this reader's memory. */
    boolean isReading() {
        return round == Round.READING || round == Round.CANCELLED;
    }

    /** Starts a round. It has ended already if there is no memory for it. */
    void begin(RecvByteBufAllocator.ExtendedHandle handle) {
        handle.reset(config);
        allocator.updateAllocator(config.getAllocator());
        data = handle.allocate(allocator);
        try {
            submit(handle);
        } finally {
            round = outstanding.isEmpty() ? Round.IDLE : Round.READING;
            if (!isReading()) {
                releaseData();
            }
        }
    }

    private void submit(RecvByteBufAllocator.ExtendedHandle handle) {
        int writable = data.writableBytes();
        int size = config.getMaxDatagramPayloadSize();
        int most = ReceiveBatch.messagesIn(writable, size);
        count = Math.min(most, likely);
        share = most == 1 ? writable : size;
        int controlLength = ReceivedPackets.controlLengthAhead(config);
        if (batch == null || !batch.fits(count, controlLength)) {
            ReceiveBatch larger = new ReceiveBatch(count, controlLength);
            ops = ops(larger, count);
            batch = larger;
        }
        batch.prepare(data, count, share, controlLength);
        handle.attemptedBytesRead(count * share);
        filled = 0;
        bytes = 0;
        failure = null;
        for (int i = 0; i < count; i++) {
            outstanding.submit(ops[i], i);
        }
    }

    private IoUringIoOps[] ops(ReceiveBatch memory, int messages) {
        IoUringIoOps[] all = new IoUringIoOps[messages];
        int fd = channel.socket.intValue();
        for (int i = 0; i < messages; i++) {
            all[i] = DatagramSqe.recvmsg(fd, memory.messages().address(i), i == WAITING, i);
        }
        return all;
    }

    /** Ends the round with what has been received by now. */
    void cancel() {
        if (round == Round.READING) {
            round = Round.CANCELLED;
            outstanding.cancel();
        }
    }

    /**
     * Takes the result of a submission.
     *
     * @param result the datagram's length or {@code -errno}
     */
    void completed(int message, int result, RecvByteBufAllocator.ExtendedHandle handle) {
        outstanding.completed(message);
        if (result >= 0) {
            filled++;
            bytes += result;
            handle.incMessagesRead(1);
            try {
                fire(message, result);
            } catch (Throwable t) {
                // The others of the round are still outstanding.
                failure = t;
            }
        } else if (result != Errors.ERRNO_EAGAIN_NEGATIVE && result != -Errno.ECANCELED) {
            failure = DatagramErrors.of("recvmsg", result, channel.isConnected());
        }
        if (outstanding.isEmpty()) {
            end(handle);
        } else if (isNews() && outstanding.isOnly(WAITING)) {
            // The others have received what was in the queue. This one would wait for the next datagram.
            cancel();
        }
    }

    private void fire(int message, int length) {
        ByteBuf received;
        if (count == 1) {
            received = data.writerIndex(data.writerIndex() + length);
            data = null;
        } else {
            received = data.retainedSlice(data.writerIndex() + message * share, length);
        }
        batch.beginReading();
        try {
            ReceivedPackets.decode(batch, message, received, config, channel.localAddress(), packets);
            received = null;
        } finally {
            if (received != null) {
                received.release();
                packets.forEach(ReferenceCountUtil::release);
                packets.clear();
            }
        }
        ChannelPipeline pipeline = channel.pipeline();
        int all = packets.size();
        for (int i = 0; i < all; i++) {
            pipeline.fireChannelRead(packets.get(i));
        }
        packets.clear();
    }

    private void releaseData() {
        if (data != null) {
            data.release();
            data = null;
        }
    }

    private void end(RecvByteBufAllocator.ExtendedHandle handle) {
        releaseData();
        // A datagram of 0 bytes is not the end of data.
        handle.lastBytesRead(filled == 0 ? -1 : Math.max(1, bytes));
        likely = filled < count ? Math.max(1, filled) : Math.min(2 * count, ReceiveBatch.MAX_MESSAGES);
        // The pipeline may start the next round.
        round = round == Round.READING && !isNews() ? Round.FRUITLESS : Round.IDLE;
        Throwable failed = failure;
        if (isNews()) {
            handle.readComplete();
            channel.pipeline().fireChannelReadComplete();
        }
        if (failed != null) {
            channel.pipeline().fireExceptionCaught(failed);
        }
    }
}
