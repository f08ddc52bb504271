// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.example;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.pkttraits.Traits;
import io.pkttraits.transport.datagram.DatagramTraits;
import io.pkttraits.transport.datagram.EpollTraitsDatagramChannel;
import io.pkttraits.transport.datagram.TraitsDatagramPacket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A UDP client that sends one datagram for each customer, all from one socket. Each datagram has its own traits. The client prints
 * the datagrams that come back and their traits.
 */
public final class UdpClient {
    /** A trait key. Its value is a number of 4 bytes in host byte order. */
    private static final int CUSTOMER_ID = 4;
    /** Another trait key. Its value is a number of 2 bytes in host byte order. */
    private static final int PRIORITY = 5;

    private static final int PATIENCE_SECONDS = 20;

    private UdpClient() {}

    public static void main(String[] args) throws InterruptedException {
        if (args.length < 2) {
            System.err.println("usage: UdpClient SERVER_HOST:PORT CUSTOMER_ID...");
            System.exit(2);
        }
        DatagramTraits.ensureAvailability(); // throws, and says what is missing, if traits cannot be sent
        InetSocketAddress server = address(args[0]);
        CountDownLatch echoes = new CountDownLatch(args.length - 1);
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try {
            Channel socket = new Bootstrap()
                    .group(group)
                    .channel(EpollTraitsDatagramChannel.class)
                    .handler(new PrintHandler(echoes))
                    .bind(0)
                    .sync()
                    .channel();
            for (int i = 1; i < args.length; i++) {
                ByteBuf hello = ByteBufUtil.writeUtf8(socket.alloc(), "hello from customer " + args[i]);
                Traits traits = Traits.EMPTY
                        .withInt(CUSTOMER_ID, Integer.parseInt(args[i]))
                        .withShort(PRIORITY, (short) i);
                socket.writeAndFlush(new TraitsDatagramPacket(hello, server, traits))
                        .sync();
            }
            if (!echoes.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("received no echo for " + echoes.getCount() + " datagrams");
            }
            socket.close().sync();
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private static final class PrintHandler extends SimpleChannelInboundHandler<TraitsDatagramPacket> {
        private final CountDownLatch echoes;

        PrintHandler(CountDownLatch echoes) {
            this.echoes = echoes;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, TraitsDatagramPacket packet) {
            Traits traits = packet.traits();
            System.out.println(
                    "customer_id=" + traits.getInt(CUSTOMER_ID, -1) + " priority=" + traits.getInt(PRIORITY, -1)
                            + " received: " + packet.content().toString(StandardCharsets.UTF_8));
            echoes.countDown();
        }
    }

    private static InetSocketAddress address(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        return new InetSocketAddress(
                hostAndPort.substring(0, colon), Integer.parseInt(hostAndPort.substring(colon + 1)));
    }
}
