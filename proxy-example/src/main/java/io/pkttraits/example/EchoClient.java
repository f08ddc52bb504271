// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.example;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.pkttraits.Traits;
import io.pkttraits.transport.ConnectTraitsHandler;
import io.pkttraits.transport.PacketTraits;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A TCP client that opens one connection for each customer, all of them at the same time. Each connection has its own traits.
 * Then the client sends one line over each connection and prints the line that comes back.
 */
public final class EchoClient {
    /** A trait key. Its value is a number of 4 bytes in host byte order. */
    private static final int CUSTOMER_ID = 4;
    /** Another trait key. Its value is a number of 2 bytes in host byte order. */
    private static final int PRIORITY = 5;

    private static final int MAX_LINE = 1024;

    private EchoClient() {}

    public static void main(String[] args) throws InterruptedException {
        if (args.length < 2) {
            System.err.println("usage: EchoClient SERVER_HOST:PORT CUSTOMER_ID...");
            System.exit(2);
        }
        PacketTraits.ensureAvailability(); // throws, and says what is missing, if traits cannot be sent
        InetSocketAddress server = address(args[0]);
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try {
            List<Channel> connections = new ArrayList<>();
            for (int i = 1; i < args.length; i++) {
                connections.add(connect(group, server, Integer.parseInt(args[i]), (short) i));
            }
            for (int i = 0; i < connections.size(); i++) {
                String line = "hello from customer " + args[i + 1] + "\n";
                Channel connection = connections.get(i);
                connection.writeAndFlush(ByteBufUtil.writeUtf8(connection.alloc(), line));
            }
            for (Channel connection : connections) {
                connection.closeFuture().sync();
            }
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private static Channel connect(EventLoopGroup group, InetSocketAddress server, int customer, short priority)
            throws InterruptedException {
        // tag::send[]
        Traits traits = Traits.EMPTY.withInt(CUSTOMER_ID, customer).withShort(PRIORITY, priority);
        Bootstrap bootstrap = new Bootstrap()
                .group(group)
                .channel(EpollSocketChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new ConnectTraitsHandler(traits)) // the SYN carries the traits
                                .addLast(new LineBasedFrameDecoder(MAX_LINE), new PrintHandler(customer));
                    }
                });
        // If the traits cannot be sent, sync() throws a TraitsException that names the reason.
        Channel channel = bootstrap.connect(server).sync().channel();
        // end::send[]
        return channel;
    }

    /** Prints the first line that comes back, then closes the connection. */
    private static final class PrintHandler extends SimpleChannelInboundHandler<ByteBuf> {
        private final int customer;

        PrintHandler(int customer) {
            this.customer = customer;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf line) {
            System.out.println("customer_id=" + customer + " received: " + line.toString(StandardCharsets.UTF_8));
            ctx.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            System.err.println("customer_id=" + customer + " " + cause);
            ctx.close();
        }
    }

    private static InetSocketAddress address(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        return new InetSocketAddress(
                hostAndPort.substring(0, colon), Integer.parseInt(hostAndPort.substring(colon + 1)));
    }
}
