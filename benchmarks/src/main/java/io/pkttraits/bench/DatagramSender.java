// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.pkttraits.Traits;
import io.pkttraits.transport.datagram.TraitsDatagramPacket;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sends numbered datagrams on one channel, written and flushed by its event loop in batches. */
final class DatagramSender implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 5;

    private final Traits[] traits = SlotTraits.create();
    private final LoopbackFamily family;
    private final EventLoopGroup group;
    private final Channel channel;

    DatagramSender(DatagramStack stack, LoopbackFamily family) throws InterruptedException {
        this.family = family;
        group = new MultiThreadIoEventLoopGroup(1, stack.transport.handlerFactory());
        try {
            channel = new Bootstrap()
                    .group(group)
                    .channelFactory(stack.factory(family.sockets))
                    .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                    .handler(new ChannelInboundHandlerAdapter())
                    .bind(family.loopback, 0)
                    .sync()
                    .channel();
        } catch (InterruptedException | RuntimeException e) {
            group.shutdownGracefully();
            throw e;
        }
    }

    int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    /**
     * Sends datagrams.
     *
     * @param first the number of the first, a multiple of 64
     * @param withTraits whether each has its set of traits
     */
    RoundResult send(int count, long first, int port, int payload, boolean withTraits)
            throws ExecutionException, InterruptedException, TimeoutException {
        Round round = new Round(count, first, new InetSocketAddress(family.loopback, port), payload, withTraits);
        channel.eventLoop().execute(round::go);
        return round.result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private final class Round {
        private final Promise<RoundResult> result = channel.eventLoop().newPromise();
        private final int count;
        private final long first;
        private final InetSocketAddress to;
        private final int payload;
        private final boolean withTraits;
        private final long start = System.nanoTime();
        private int written;

        Round(int count, long first, InetSocketAddress to, int payload, boolean withTraits) {
            this.count = count;
            this.first = first;
            this.to = to;
            this.payload = payload;
            this.withTraits = withTraits;
        }

        /** Writes batch after batch; where one is not sent at once, as by io_uring, the next follows when it is. */
        void go() {
            while (written < count) {
                ChannelFuture batch = writeBatch();
                if (!batch.isDone()) {
                    batch.addListener(this::sent);
                    return;
                }
                if (batch.cause() != null) {
                    result.setFailure(batch.cause());
                    return;
                }
            }
            result.setSuccess(new RoundResult(count, System.nanoTime() - start, 0, 0));
        }

        private void sent(Future<? super Void> batch) {
            if (batch.isSuccess()) {
                go();
            } else {
                result.setFailure(batch.cause());
            }
        }

        private ChannelFuture writeBatch() {
            int end = Math.min(written + DatagramReceiver.BATCH, count);
            while (written < end - 1) {
                channel.write(nextPacket(), channel.voidPromise());
            }
            return channel.writeAndFlush(nextPacket());
        }

        private DatagramPacket nextPacket() {
            long number = first + written++;
            ByteBuf data = channel.alloc().directBuffer(payload);
            data.writeLong(number).writerIndex(payload);
            return withTraits
                    ? new TraitsDatagramPacket(data, to, traits[(int) (number % SlotTraits.SLOTS)])
                    : new DatagramPacket(data, to);
        }
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
        group.shutdownGracefully(0, PATIENCE_SECONDS, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
