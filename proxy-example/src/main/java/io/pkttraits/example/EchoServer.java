// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.example;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.util.NetUtil;
import io.pkttraits.Traits;
import io.pkttraits.transport.PacketTraits;
import io.pkttraits.transport.SynTraitsHandler;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * A TCP server that prints the traits of each connection and sends back what it reads. {@link EchoClient} is a client for it.
 *
 * <p>With io_uring the program is the same: replace {@code Epoll} with {@code IoUring} in three names.
 */
public final class EchoServer {
    /** A trait key. Its value is a number of 4 bytes in host byte order. */
    private static final int CUSTOMER_ID = 4;
    /** Another trait key. Its value is a number of 2 bytes in host byte order. */
    private static final int PRIORITY = 5;

    private EchoServer() {}

    public static void main(String[] args) throws InterruptedException {
        if (args.length != 1) {
            System.err.println("usage: EchoServer LISTEN_HOST:PORT");
            System.exit(2);
        }
        if (!PacketTraits.isReceiveAvailable()) {
            System.err.println("no traits can be read: "
                    + PacketTraits.unavailabilityCause().getMessage());
        }
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(EpollIoHandler.newFactory());
        // tag::read[]
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .channel(EpollServerSocketChannel.class)
                .handler(new SynTraitsHandler()) // keeps the traits of each SYN, reads them at accept
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        Traits traits = PacketTraits.of(channel); // never null; may be empty
                        int customer = traits.getInt(CUSTOMER_ID, -1); // trait key 4; -1 if absent
                        int priority = traits.getInt(PRIORITY, -1); // trait key 5
                        System.out.println(
                                name(channel.remoteAddress()) + " customer_id=" + customer + " priority=" + priority);
                        channel.pipeline().addLast(new EchoHandler());
                    }
                });
        // end::read[]
        Channel server = bootstrap.bind(address(args[0])).sync().channel();
        System.out.println("listening on " + name(server.localAddress()) + ", carrier " + PacketTraits.carrier());
    }

    /** Sends back what one connection reads. */
    private static final class EchoHandler extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ctx.writeAndFlush(msg);
        }

        /** Stops reading from a client that does not read its echo. */
        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            ctx.channel().config().setAutoRead(ctx.channel().isWritable());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            System.err.println(name(ctx.channel().remoteAddress()) + " " + cause);
            ctx.close();
        }
    }

    private static InetSocketAddress address(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        return new InetSocketAddress(
                hostAndPort.substring(0, colon), Integer.parseInt(hostAndPort.substring(colon + 1)));
    }

    private static String name(SocketAddress address) {
        return NetUtil.toSocketAddressString((InetSocketAddress) address);
    }
}
