// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.pkttraits.transport.TraitsCounter;
import io.pkttraits.transport.datagram.TraitsDatagramPacket;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Receives datagrams that wait in a socket. Between two rounds the event loop is held, as by a handler that takes long, so
 * that a sender can fill the socket; a round is then what the event loop takes to read all of it.
 */
final class DatagramReceiver implements AutoCloseable {
    /** Payload room of one datagram and datagrams of one read, the same for all channels and the loop in C. */
    static final int MAX_PAYLOAD = 1536;

    static final int BATCH = 64;

    /** What waits must fit into the socket; beyond {@code rmem_max}, which needs {@code CAP_NET_ADMIN}. */
    private static final int SOCKET_BUFFER = 64 << 20;

    private static final IntegerUnixChannelOption SO_RCVBUFFORCE =
            new IntegerUnixChannelOption("SO_RCVBUFFORCE", 1, 33);

    private static final long PATIENCE_SECONDS = 5;

    private final Semaphore go = new Semaphore(0);
    private final Semaphore held = new Semaphore(0);
    private final Semaphore done = new Semaphore(0);
    private final Runnable hold = this::hold;
    private final EventLoopGroup group;
    private final DatagramChannel channel;

    // Set by a round before the event loop goes on, read by the event loop alone until it is done.
    private long next;
    private long end;
    private boolean readTraits;
    private long wrong;
    private long startNanos;
    private long nanos;

    DatagramReceiver(DatagramStack stack, LoopbackFamily family) throws InterruptedException {
        group = new MultiThreadIoEventLoopGroup(1, stack.transport.handlerFactory());
        try {
            channel = (DatagramChannel) new Bootstrap()
                    .group(group)
                    .channelFactory(stack.factory(family.sockets))
                    .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                    .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(BATCH * MAX_PAYLOAD))
                    .option(stack.transport.maxPayload, MAX_PAYLOAD)
                    .option(SO_RCVBUFFORCE, SOCKET_BUFFER)
                    .handler(new Counting())
                    .bind(family.loopback, 0)
                    .sync()
                    .channel();
        } catch (InterruptedException | RuntimeException e) {
            group.shutdownGracefully();
            throw e;
        }
        group.execute(hold);
        held.acquire();
    }

    int port() {
        return channel.localAddress().getPort();
    }

    /**
     * Reads the datagrams that wait.
     *
     * @param count how many there are
     * @param first the number of the first
     * @param readTraits whether to look at the four traits of each, else at none
     * @throws IllegalStateException if fewer come
     */
    RoundResult drain(long count, long first, boolean readTraits) throws InterruptedException {
        next = first;
        end = first + count;
        this.readTraits = readTraits;
        wrong = 0;
        long decoded = TraitsCounter.DATAGRAM_READ.get();
        go.release();
        if (!done.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("of " + count + " datagrams some are missing");
        }
        held.acquire();
        return new RoundResult(count, nanos, wrong, TraitsCounter.DATAGRAM_READ.get() - decoded);
    }

    private void hold() {
        held.release();
        go.acquireUninterruptibly();
        startNanos = System.nanoTime();
    }

    @Override
    public void close() {
        go.release();
        // io_uring's channels cannot be closed by a loop that ends.
        channel.close().syncUninterruptibly();
        group.shutdownGracefully(0, PATIENCE_SECONDS, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private final class Counting extends SimpleChannelInboundHandler<DatagramPacket> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
            long number = next++;
            boolean expected = packet.content().getLong(packet.content().readerIndex()) == number;
            if (readTraits) {
                expected &= packet instanceof TraitsDatagramPacket with && SlotTraits.isExpected(with.traits(), number);
            }
            if (!expected) {
                wrong++;
            }
            if (next == end) {
                nanos = System.nanoTime() - startNanos;
                ctx.channel().eventLoop().execute(hold);
                done.release();
            }
        }
    }
}
