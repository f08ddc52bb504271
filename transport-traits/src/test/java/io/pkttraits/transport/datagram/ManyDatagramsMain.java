// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.util.ResourceLeakDetector;
import io.pkttraits.Traits;
import io.pkttraits.transport.TraitSets;
import io.pkttraits.transport.TraitsCounter;
import java.net.InetSocketAddress;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Sends numbered datagrams with changing traits to itself, the next batch when the one before has come, so that none is
 * lost, and checks each. Arguments: transport, family, how many, how many of them are not released. Prints how many came
 * and how many leaks were found.
 */
final class ManyDatagramsMain {
    private static final int BATCH = 64;
    private static final int PAYLOAD_SIZE = 16;

    private final Traits[] traits = new Traits[509];
    private final AtomicInteger leaks = new AtomicInteger();
    private final CompletableFuture<Integer> done = new CompletableFuture<>();
    private final int total;
    private final int unreleased;
    private DatagramChannel sender;
    private InetSocketAddress to;
    private int sent;

    private ManyDatagramsMain(DatagramFamily family, int total, int unreleased) {
        this.total = total;
        this.unreleased = unreleased;
        Random random = new Random(family.name().hashCode());
        for (int i = 0; i < traits.length; i++) {
            traits[i] = i % 3 == 0 ? Traits.EMPTY : TraitSets.random(random, family);
        }
    }

    public static void main(String[] args) throws Exception {
        DatagramFamily family = DatagramFamily.valueOf(args[1]);
        new ManyDatagramsMain(family, Integer.parseInt(args[2]), Integer.parseInt(args[3]))
                .run(DatagramTransport.valueOf(args[0]), family);
    }

    private void run(DatagramTransport transport, DatagramFamily family) throws Exception {
        System.out.println("level=" + ResourceLeakDetector.getLevel());
        ByteBufUtil.setLeakListener((resource, records) -> leaks.incrementAndGet());
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel receiver = fixture.bind(
                    new Receiver(),
                    bootstrap -> bootstrap
                            .option(transport.options.maxDatagramPayloadSize(), PAYLOAD_SIZE)
                            .option(
                                    ChannelOption.RECVBUF_ALLOCATOR,
                                    new FixedRecvByteBufAllocator(PAYLOAD_SIZE * BATCH)));
            sender = fixture.bind(new DatagramInbox());
            to = fixture.to(receiver);
            sender.eventLoop().execute(this::sendBatch);
            System.out.println("received=" + done.get(5, TimeUnit.MINUTES));
        }
        long withTraits = IntStream.range(0, total)
                .filter(i -> !traits[i % traits.length].isEmpty())
                .count();
        System.out.println("counted="
                + (TraitsCounter.DATAGRAM_READ.get() == withTraits && TraitsCounter.DATAGRAM_SENT.get() == withTraits));
        findLeaks();
        System.out.println("leaks=" + leaks.get());
    }

    private void sendBatch() {
        int end = Math.min(total, sent + BATCH);
        for (; sent < end; sent++) {
            ByteBuf content = sender.alloc().directBuffer(PAYLOAD_SIZE).writeInt(sent);
            sender.write(new TraitsDatagramPacket(content, to, traits[sent % traits.length]))
                    .addListener(future -> {
                        if (!future.isSuccess()) {
                            done.completeExceptionally(future.cause());
                        }
                    });
        }
        sender.flush();
    }

    /** Leaks show when buffers are allocated after the collector has found those that nobody released. */
    private void findLeaks() throws InterruptedException {
        for (int i = 0; i < 10 || (unreleased > 0 && leaks.get() == 0 && i < 1000); i++) {
            System.gc();
            Thread.sleep(20);
            UnpooledByteBufAllocator.DEFAULT.directBuffer(1).release();
        }
    }

    private final class Receiver extends SimpleChannelInboundHandler<TraitsDatagramPacket> {
        private int received;

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, TraitsDatagramPacket packet) {
            int number = packet.content().readInt();
            Traits expected = traits[number % traits.length];
            if (number != received || !packet.traits().equals(expected)) {
                done.completeExceptionally(
                        new AssertionError("expected " + received + expected + ", got " + number + packet.traits()));
            }
            if (number < unreleased) {
                packet.copy();
            }
            received++;
            if (received == total) {
                done.complete(received);
            } else if (received % BATCH == 0) {
                sender.eventLoop().execute(ManyDatagramsMain.this::sendBatch);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            done.completeExceptionally(cause);
        }
    }
}
