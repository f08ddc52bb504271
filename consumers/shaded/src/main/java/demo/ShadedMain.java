// SPDX-License-Identifier: Apache-2.0
package demo;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.pkttraits.Traits;
import io.pkttraits.transport.datagram.EpollTraitsDatagramChannel;
import io.pkttraits.transport.datagram.TraitsDatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Sends itself a datagram with a trait and prints what it has received, with the names of the classes in this jar.
 *
 * <p>Arguments: the packages that the shaded jar has for {@code io.pkttraits} and {@code io.netty}.
 */
public final class ShadedMain extends SimpleChannelInboundHandler<TraitsDatagramPacket> {
    private static final Traits SENT = Traits.EMPTY.withFlag(7);

    private final CompletableFuture<String> received = new CompletableFuture<>();

    public static void main(String[] args) throws Exception {
        checkPackage(TraitsDatagramPacket.class, args[0]);
        checkPackage(Channel.class, args[1]);
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try {
            ShadedMain handler = new ShadedMain();
            Channel channel = new Bootstrap()
                    .group(group)
                    .channelFactory(() -> new EpollTraitsDatagramChannel())
                    .handler(handler)
                    .bind(InetAddress.getLoopbackAddress(), 0)
                    .sync()
                    .channel();
            channel.writeAndFlush(new TraitsDatagramPacket(
                            Unpooled.copiedBuffer("hello", StandardCharsets.US_ASCII),
                            (InetSocketAddress) channel.localAddress(),
                            SENT))
                    .sync();
            System.out.println(handler.received.get(10, TimeUnit.SECONDS));
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    private static void checkPackage(Class<?> type, String expected) {
        if (!type.getName().startsWith(expected + ".")) {
            throw new AssertionError(type + " is not in " + expected);
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, TraitsDatagramPacket packet) {
        String text = packet.content().toString(StandardCharsets.US_ASCII) + " with " + packet.traits() + " as "
                + packet.getClass().getName() + " on "
                + ctx.channel().eventLoop().getClass().getName();
        if (packet.traits().equals(SENT)) {
            received.complete(text);
        } else {
            received.completeExceptionally(new AssertionError(text));
        }
    }
}
