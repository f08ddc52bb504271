// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.PreferredDirectByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.UncheckedBooleanSupplier;
import io.pkttraits.transport.internal.sys.DatagramSyscalls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads a channel's datagrams with recvmmsg(2) until there are none, or the allocator's handle stops it. */
final class EpollDatagramReader {
    private final EpollTraitsDatagramChannel channel;
    private final TraitsDatagramChannelConfig config;
    private final PreferredDirectByteBufAllocator allocator = new PreferredDirectByteBufAllocator();
    private final List<Object> packets = new ArrayList<>();

    EpollDatagramReader(EpollTraitsDatagramChannel channel) {
        this.channel = channel;
        config = channel.traitsConfig;
    }

    /** Reads one round. An exception is fired through the pipeline, after what was read before. */
    void read(RecvByteBufAllocator.ExtendedHandle handle) {
        ChannelPipeline pipeline = channel.pipeline();
        handle.reset(config);
        Throwable failure = null;
        try {
            while (channel.isOpen() && readOnce(handle, pipeline)) {
                // Less than was asked for is no sign that there is no more.
                if (!handle.continueReading(UncheckedBooleanSupplier.TRUE_SUPPLIER)) {
                    break;
                }
            }
        } catch (Throwable t) {
            // Thrown from here, an Error such as a lack of memory would end the event loop.
            failure = t;
        }
        handle.readComplete();
        pipeline.fireChannelReadComplete();
        if (failure != null) {
            pipeline.fireExceptionCaught(failure);
        }
    }

    /** Makes one system call. Returns false if there was nothing to read. */
    private boolean readOnce(RecvByteBufAllocator.ExtendedHandle handle, ChannelPipeline pipeline) throws IOException {
        allocator.updateAllocator(config.getAllocator());
        ByteBuf data = handle.allocate(allocator);
        int received;
        try {
            received = receive(handle, data);
            data = null;
        } finally {
            if (data != null) {
                data.release();
                releasePackets();
            }
        }
        if (received == 0) {
            return false;
        }
        // Before the pipeline can ask for another read.
        channel.readDone();
        // The pipeline may close the channel, but does not come back here before it returns.
        int count = packets.size();
        handle.incMessagesRead(count);
        try {
            for (int i = 0; i < count; i++) {
                pipeline.fireChannelRead(packets.set(i, null));
            }
        } finally {
            releasePackets();
        }
        return true;
    }

    /** Fills {@link #packets}, which then own the data. Releases the data if nothing was received. */
    private int receive(RecvByteBufAllocator.ExtendedHandle handle, ByteBuf data) throws IOException {
        int writable = data.writableBytes();
        int size = config.getMaxDatagramPayloadSize();
        int count = ReceiveBatch.messagesIn(writable, size);
        int share = count == 1 ? writable : size;
        int controlLength = ReceivedPackets.controlLength(config);
        ReceiveBatch batch = ReceiveBatch.ofThread(controlLength);
        batch.prepare(data, count, share, controlLength);
        handle.attemptedBytesRead(count * share);
        int received = DatagramSyscalls.recvmmsg(
                channel.socket.intValue(), batch.messages().address(0), count);
        if (received == Errors.ERRNO_EAGAIN_NEGATIVE) {
            handle.lastBytesRead(-1);
            data.release();
            return 0;
        }
        if (received < 0) {
            throw DatagramErrors.of("recvmmsg", received, channel.isConnected());
        }
        // A datagram of 0 bytes is not the end of data.
        handle.lastBytesRead(Math.max(1, received == 1 ? batch.messages().length(0) : received * share));
        decode(batch, data, received, share);
        return received;
    }

    private void decode(ReceiveBatch batch, ByteBuf data, int received, int share) {
        int start = data.writerIndex();
        batch.beginReading();
        if (received == 1) {
            data.writerIndex(start + batch.messages().length(0));
            ReceivedPackets.decode(batch, 0, data, config, channel.localAddress(), packets);
            return;
        }
        for (int i = 0; i < received; i++) {
            ByteBuf slice =
                    data.retainedSlice(start + i * share, batch.messages().length(i));
            ReceivedPackets.decode(batch, i, slice, config, channel.localAddress(), packets);
        }
        data.release();
    }

    private void releasePackets() {
        for (Object packet : packets) {
            ReferenceCountUtil.release(packet);
        }
        packets.clear();
    }
}
