// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringIoHandler;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A submission queue that has no room for a batch: it is submitted in parts. */
@Tag("netty-4.2")
@Tag("test-kernel")
final class SmallRingTest {
    private static final int COUNT = 200;
    private static final int TIMEOUT_MILLIS = 20_000;

    private static DatagramChannel bind(EventLoopGroup group, ChannelHandler handler) throws InterruptedException {
        return (DatagramChannel) new Bootstrap()
                .group(group)
                .channelFactory(IoUringTraitsDatagramChannel::new)
                .option(IoUringChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, 64)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(64 * 64))
                .option(ChannelOption.SO_RCVBUF, 1 << 20)
                .handler(handler)
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
    }

    @Test
    void batchesThatDoNotFitTheRingKeepTheirOrder() throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, IoUringIoHandler.newFactory(16));
        DatagramInbox inbox = new DatagramInbox();
        try {
            DatagramChannel channel = bind(group, inbox);
            List<ChannelFuture> written = new ArrayList<>();
            for (int i = 0; i < COUNT; i++) {
                written.add(channel.write(new DatagramPacket(DatagramFixture.text("n" + i), channel.localAddress())));
            }
            channel.flush();
            for (ChannelFuture future : written) {
                future.sync();
            }
            for (int i = 0; i < COUNT; i++) {
                assertEquals("n" + i, inbox.nextText());
            }
            channel.close().sync();
        } finally {
            group.shutdownGracefully().sync();
        }
    }

    /** The client's next datagram often comes when the first of a round's submissions waits and the second is yet to be made. */
    @Test
    void readOfADatagramThatComesAsItIsSubmittedIsCompleteWithoutAnother() throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, IoUringIoHandler.newFactory(2));
        try (DatagramSocket client = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            DatagramChannel server = bind(group, new AnswerOnComplete());
            client.connect(server.localAddress());
            client.setSoTimeout(TIMEOUT_MILLIS);
            byte[] text = new byte[1];
            java.net.DatagramPacket packet = new java.net.DatagramPacket(text, text.length);
            for (int i = 0; i < COUNT; i++) {
                text[0] = (byte) i;
                client.send(packet);
                client.receive(packet);
                assertEquals((byte) i, text[0]);
            }
            server.close().sync();
        } finally {
            group.shutdownGracefully().sync();
        }
    }

    /** As QUIC's codec does, which sends at the end of a read what its connections have to say. */
    private static final class AnswerOnComplete extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            DatagramPacket packet = (DatagramPacket) msg;
            ctx.write(new DatagramPacket(packet.content(), packet.sender()));
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }
    }
}
