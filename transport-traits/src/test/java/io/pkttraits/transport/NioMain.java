// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.pkttraits.Traits;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A server and clients on NIO that use all of our stream API: what a platform without native transports has. */
final class NioMain {
    private NioMain() {}

    @SuppressWarnings("deprecation") // Netty 4.1 has no other NIO group, and this runs there too.
    public static void main(String[] args) throws Exception {
        EventLoopGroup group = new NioEventLoopGroup(2);
        CompletableFuture<Traits> read = new CompletableFuture<>();
        Channel listener = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .option(TraitsChannelOption.TCP_SAVE_SYN_TRAITS, 1)
                .handler(new SynTraitsHandler())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        read.complete(SynTraits.of(channel));
                    }
                })
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
        ChannelFuture refused = connect(group, listener, UnsendablePolicy.FAIL);
        System.out.println("refused=" + refused.cause());
        ChannelFuture dropped = connect(group, listener, UnsendablePolicy.DROP);
        System.out.println("connected=" + dropped.isSuccess());
        System.out.println("read=" + read.get());
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    }

    private static ChannelFuture connect(EventLoopGroup group, Channel listener, UnsendablePolicy policy)
            throws InterruptedException {
        return new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .handler(new ConnectTraitsHandler(Traits.EMPTY.withInt(4, 5), policy))
                .connect(listener.localAddress())
                .await();
    }
}
