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
 * Reads a channel's datagrams in rounds of RECVMSG submissions, of which the first waits for a datagram and the others
 * take what there is besides. As many are submitted as are likely to find one. The first is cancelled where only it is left
 * of a round that has something to tell.
 *
 * <p>Datagrams are passed on in the order of completions, which is that of the socket's queue.
 */
final class IoUringDatagramReader {
    /** The submission that waits for a datagram. */
    private static final int WAITING = 0;

    private final IoUringTraitsDatagramChannel channel;
    private final TraitsDatagramChannelConfig config;
    private final PreferredDirectByteBufAllocator allocator = new PreferredDirectByteBufAllocator();
    private final List<Object> packets = new ArrayList<>();
    private final PendingSqes outstanding;

    private ReceiveBatch batch;
    private IoUringIoOps[] ops = new IoUringIoOps[0];
    private boolean reading;
    private ByteBuf data;
    private int count;
    private int share;
    private int filled;
    private int bytes;
    private boolean cancelled;
    private Throwable failure;
    private int likely = 1;

    IoUringDatagramReader(IoUringTraitsDatagramChannel channel, IoRegistration registration) {
        this.channel = channel;
        config = channel.traitsConfig;
        outstanding = new PendingSqes(registration);
    }

    /** Whether the latest round has ended by itself without anything to tell, as by a wake-up for a broken datagram. */
    boolean isFruitless() {
        return !reading && !isNews() && !cancelled;
    }

    /** Whether the pipeline has to be told of the latest round. */
    private boolean isNews() {
        return filled > 0 || failure != null;
    }

    /** Whether a round is going on. */
    boolean isReading() {
        return reading;
    }

    /** Starts a round. One that cannot be started for want of memory is over. */
    void begin(RecvByteBufAllocator.ExtendedHandle handle) {
        handle.reset(config);
        allocator.updateAllocator(config.getAllocator());
        data = handle.allocate(allocator);
        try {
            submit(handle);
        } finally {
            reading = !outstanding.isEmpty();
            if (!reading) {
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
        cancelled = false;
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
        if (reading && !cancelled) {
            cancelled = true;
            outstanding.cancel();
        }
    }

    /**
     * What became of a message.
     *
     * @param result its length or {@code -errno}
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
                // The others of the round are outstanding all the same.
                failure = t;
            }
        } else if (result != Errors.ERRNO_EAGAIN_NEGATIVE && result != -Errno.ECANCELED) {
            failure = DatagramErrors.of("recvmsg", result, channel.isConnected());
        }
        if (outstanding.isEmpty()) {
            end(handle);
        } else if (isNews() && outstanding.isOnly(WAITING)) {
            // Those behind it took what came while they were submitted, and it would wait for the next datagram.
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
        // Empty datagrams are no end of data.
        handle.lastBytesRead(filled == 0 ? -1 : Math.max(1, bytes));
        likely = filled < count ? Math.max(1, filled) : Math.min(2 * count, ReceiveBatch.MAX_MESSAGES);
        // The pipeline may start the next round.
        reading = false;
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
