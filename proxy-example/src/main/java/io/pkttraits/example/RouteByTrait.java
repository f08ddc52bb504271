// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.example;

import static io.netty.util.NetUtil.toSocketAddressString;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import io.pkttraits.Traits;
import io.pkttraits.transport.ConnectTraitsHandler;
import io.pkttraits.transport.PacketTraits;
import io.pkttraits.transport.SynTraitsHandler;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * A TCP proxy that chooses the upstream by the customer of the connection, before the client has sent a byte. Customers that the
 * table does not list, and clients without traits, are connected to the default upstream.
 */
public final class RouteByTrait {
    /** A trait key. Its value is a number of 4 bytes in host byte order. */
    private static final int CUSTOMER_ID = 4;

    private RouteByTrait() {}

    public static void main(String[] args) throws InterruptedException {
        if (args.length < 2) {
            System.err.println("usage: RouteByTrait LISTEN_HOST:PORT DEFAULT_HOST:PORT [CUSTOMER_ID=HOST:PORT]...");
            System.exit(2);
        }
        PacketTraits.ensureAvailability(); // throws, and says what is missing, if traits cannot be read and sent
        InetSocketAddress defaultUpstream = address(args[1]);
        Map<Integer, InetSocketAddress> upstreams = new HashMap<>();
        for (int i = 2; i < args.length; i++) {
            String[] entry = args[i].split("=", 2);
            upstreams.put(Integer.valueOf(entry[0]), address(entry[1]));
        }
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(EpollIoHandler.newFactory());
        ChannelFuture server = new ServerBootstrap()
                .group(group)
                .channel(EpollServerSocketChannel.class)
                .handler(new SynTraitsHandler())
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel client) {
                        // tag::route[]
                        Traits traits = PacketTraits.of(client); // never null; empty if the client sent none
                        int customer = traits.getInt(CUSTOMER_ID, -1); // -1 if absent
                        InetSocketAddress upstream = upstreams.getOrDefault(customer, defaultUpstream);
                        // end::route[]
                        System.out.println(toSocketAddressString(client.remoteAddress()) + " customer_id=" + customer
                                + " -> " + toSocketAddressString(upstream));
                        client.pipeline().addLast(new RelayHandler(connect(client, upstream, traits)));
                    }
                })
                .bind(address(args[0]))
                .sync();
        System.out.println("listening on "
                + toSocketAddressString((InetSocketAddress) server.channel().localAddress()) + ", carrier "
                + PacketTraits.carrier());
    }

    private static ChannelFuture connect(SocketChannel client, InetSocketAddress upstream, Traits traits) {
        return new Bootstrap()
                .group(client.eventLoop())
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.AUTO_READ, false)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline()
                                .addLast(new ConnectTraitsHandler(traits))
                                .addLast(new RelayHandler(client.newSucceededFuture()));
                    }
                })
                .connect(upstream); // fails with a TraitsException if the traits cannot be sent
    }

    /** Writes what one side sends to the other side. {@link MiniProxy} has a version that also relays half-closed connections. */
    private static final class RelayHandler extends ChannelInboundHandlerAdapter {
        private final ChannelFuture otherConnected;

        RelayHandler(ChannelFuture otherConnected) {
            this.otherConnected = otherConnected;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            otherConnected.addListener(connected -> readOrClose(ctx, connected));
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object bytes) {
            write(bytes, written -> readOrClose(ctx, written));
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            write(Unpooled.EMPTY_BUFFER, ChannelFutureListener.CLOSE);
        }

        private void write(Object bytes, ChannelFutureListener next) {
            otherConnected.addListener(
                    connected -> otherConnected.channel().writeAndFlush(bytes).addListener(next));
        }

        private void readOrClose(ChannelHandlerContext ctx, Future<?> future) {
            if (future.isSuccess()) {
                ctx.read();
            } else {
                exceptionCaught(ctx, future.cause());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            System.err.println(ctx.channel() + " " + cause);
            ctx.close();
        }
    }

    private static InetSocketAddress address(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        return new InetSocketAddress(
                hostAndPort.substring(0, colon), Integer.parseInt(hostAndPort.substring(colon + 1)));
    }
}
