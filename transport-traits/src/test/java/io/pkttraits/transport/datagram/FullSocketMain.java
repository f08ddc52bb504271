// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.pkttraits.Traits;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Writes more than a small socket buffer holds, over a loopback that a queueing discipline slows down so that the buffer
 * fills. Arguments: transport, family.
 */
final class FullSocketMain {
    private static final int COUNT = 200;
    /** Small, so that all of them fit into the receiver's buffer and none is lost, however slowly it reads. */
    private static final int SIZE = 100;

    private FullSocketMain() {}

    public static void main(String[] args) throws Exception {
        DatagramTransport transport = DatagramTransport.valueOf(args[0]);
        DatagramInbox inbox = new DatagramInbox();
        Queue<Boolean> writability = new ConcurrentLinkedQueue<>();
        try (DatagramFixture fixture = new DatagramFixture(transport, DatagramFamily.valueOf(args[1]))) {
            DatagramChannel receiver = fixture.bind(inbox);
            DatagramChannel sender = fixture.bind(
                    new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
                            writability.add(ctx.channel().isWritable());
                        }
                    },
                    bootstrap -> bootstrap
                            .option(ChannelOption.SO_SNDBUF, 4096)
                            .option(
                                    ChannelOption.WRITE_BUFFER_WATER_MARK,
                                    new WriteBufferWaterMark(10 * SIZE, 20 * SIZE)));
            List<ChannelFuture> written = new ArrayList<>();
            sender.eventLoop()
                    .submit(() -> {
                        for (int i = 0; i < COUNT; i++) {
                            written.add(sender.write(message(i, fixture.to(receiver), transport.hasTraits())));
                        }
                        sender.flush();
                        assertFalse(sender.isWritable());
                        // Most of it is in no socket buffer yet.
                        assertFalse(written.get(COUNT - 1).isDone());
                        return null;
                    })
                    .get();
            for (int i = 0; i < COUNT; i++) {
                DatagramPacket packet = inbox.next();
                assertEquals(text(i), packet.content().toString(StandardCharsets.US_ASCII));
                if (packet instanceof TraitsDatagramPacket withTraits) {
                    assertEquals(traits(i), withTraits.traits());
                }
                packet.release();
            }
            for (ChannelFuture future : written) {
                future.sync();
            }
            sender.eventLoop().submit(() -> assertTrue(sender.isWritable())).get();
            assertEquals(List.of(false, true), List.copyOf(writability));
        }
        System.out.println("ok");
    }

    private static DatagramPacket message(int number, InetSocketAddress to, boolean withTraits) {
        ByteBuf content = DatagramFixture.text(text(number));
        return withTraits ? new TraitsDatagramPacket(content, to, traits(number)) : new DatagramPacket(content, to);
    }

    private static String text(int number) {
        return number + "x".repeat(SIZE);
    }

    private static Traits traits(int number) {
        return number % 3 == 0 ? Traits.EMPTY : Traits.EMPTY.withInt(4, number);
    }
}
