// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.consumer;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.util.Version;
import io.pkttraits.Traits;
import io.pkttraits.transport.ConnectTraitsHandler;
import io.pkttraits.transport.PacketTraits;
import io.pkttraits.transport.SynTraitsHandler;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** An application of somebody else's: two connections, each with traits of its own, from a client to a server. */
public final class Consumer {
    private Consumer() {}

    public static void main(String[] args) throws Exception {
        PacketTraits.ensureAvailability();
        EventLoopGroup group = new EpollEventLoopGroup(1);
        try {
            for (int customer = 1; customer <= 2; customer++) {
                Traits received = connect(group, Traits.EMPTY.withInt(4, customer));
                if (received.getInt(4, -1) != customer) {
                    throw new IllegalStateException("sent customer " + customer + ", received " + received);
                }
            }
            System.out.println("two connections kept their traits: Netty "
                    + Version.identify().get("netty-transport").artifactVersion() + ", carrier "
                    + PacketTraits.carrier() + ", " + Consumer.class.getModule());
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    private static Traits connect(EventLoopGroup group, Traits traits) throws Exception {
        CompletableFuture<Traits> received = new CompletableFuture<>();
        Channel listener = new ServerBootstrap()
                .group(group)
                .channel(EpollServerSocketChannel.class)
                .handler(new SynTraitsHandler())
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel ch) {
                        received.complete(PacketTraits.of(ch));
                    }
                })
                .bind(new InetSocketAddress("127.0.0.1", 0))
                .sync()
                .channel();
        Channel client = new Bootstrap()
                .group(group)
                .channel(EpollSocketChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel ch) {
                        ch.pipeline().addLast(new ConnectTraitsHandler(traits), new ChannelInboundHandlerAdapter() {
                            @Override
                            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                                received.completeExceptionally(cause);
                            }
                        });
                    }
                })
                .connect(listener.localAddress())
                .sync()
                .channel();
        try {
            return received.get(10, TimeUnit.SECONDS);
        } finally {
            client.close().sync();
            listener.close().sync();
        }
    }
}
