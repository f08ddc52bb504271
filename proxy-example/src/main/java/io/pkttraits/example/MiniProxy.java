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
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import io.pkttraits.Traits;
import io.pkttraits.transport.ConnectTraitsHandler;
import io.pkttraits.transport.PacketTraits;
import io.pkttraits.transport.SynTraitsHandler;
import java.net.InetSocketAddress;

/**
 * A TCP proxy that forwards all traits of each client's connection to the upstream, including those that the proxy does not know.
 * It relays bytes in both directions, and reads no faster than the other side takes them.
 */
public final class MiniProxy {
    /** A trait key. Its value is a number of 4 bytes in host byte order. */
    private static final int CUSTOMER_ID = 4;

    private MiniProxy() {}

    public static void main(String[] args) throws InterruptedException {
        if (args.length != 2) {
            System.err.println("usage: MiniProxy LISTEN_HOST:PORT UPSTREAM_HOST:PORT");
            System.exit(2);
        }
        PacketTraits.ensureAvailability(); // throws, and says what is missing, if traits cannot be read and sent
        InetSocketAddress upstream = address(args[1]);
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(EpollIoHandler.newFactory());
        ChannelFuture server = new ServerBootstrap()
                .group(group)
                .channel(EpollServerSocketChannel.class)
                .handler(new SynTraitsHandler())
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel client) {
                        // tag::forward[]
                        Traits traits = PacketTraits.of(client); // what the client's SYN carried
                        ChannelFuture connected = new Bootstrap()
                                .group(client.eventLoop())
                                .channel(EpollSocketChannel.class)
                                .option(ChannelOption.AUTO_READ, false)
                                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                                .handler(new ChannelInitializer<SocketChannel>() {
                                    @Override
                                    protected void initChannel(SocketChannel channel) {
                                        channel.pipeline()
                                                .addLast(new ConnectTraitsHandler(traits)) // for the upstream's SYN
                                                .addLast(new RelayHandler(client.newSucceededFuture()));
                                    }
                                })
                                .connect(upstream); // fails with a TraitsException if the traits cannot be sent
                        client.pipeline().addLast(new RelayHandler(connected));
                        // end::forward[]
                        System.out.println(toSocketAddressString(client.remoteAddress()) + " customer_id="
                                + traits.getInt(CUSTOMER_ID, -1) + ", forwarding " + traits.size() + " traits");
                    }
                })
                .bind(address(args[0]))
                .sync();
        System.out.println("listening on "
                + toSocketAddressString((InetSocketAddress) server.channel().localAddress()) + ", carrier "
                + PacketTraits.carrier());
    }

    /** Writes what one side sends to the other side. Reads again when the other side has taken the bytes. */
    private static final class RelayHandler extends ChannelInboundHandlerAdapter {
        private final ChannelFuture otherConnected;
        private final SocketChannel other;

        RelayHandler(ChannelFuture otherConnected) {
            this.otherConnected = otherConnected;
            this.other = (SocketChannel) otherConnected.channel();
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            otherConnected.addListener(connected -> readOrClose(ctx, connected));
        }

        /** Waits for the connect here too: Netty reads the rest unasked when the client ends early. */
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object bytes) {
            otherConnected.addListener(
                    connected -> other.writeAndFlush(bytes).addListener(written -> readOrClose(ctx, written)));
        }

        /** This side has sent its last byte. The other direction may go on. */
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                afterLastWrite(written -> {
                    other.shutdownOutput();
                    if (other.isInputShutdown()) { // both directions have ended
                        other.close();
                    }
                });
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            afterLastWrite(ChannelFutureListener.CLOSE);
        }

        private void afterLastWrite(ChannelFutureListener action) {
            otherConnected.addListener(
                    connected -> other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(action));
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
