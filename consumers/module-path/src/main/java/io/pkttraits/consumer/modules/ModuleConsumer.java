// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.consumer.modules;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.pkttraits.TraitKey;
import io.pkttraits.Traits;
import io.pkttraits.consumer.Consumer;
import io.pkttraits.registry.TraitDefinition;
import io.pkttraits.registry.TraitRegistry;
import io.pkttraits.registry.TraitType;
import io.pkttraits.transport.datagram.EpollTraitsDatagramChannel;
import io.pkttraits.transport.datagram.TraitsDatagramPacket;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What only modules can break: the JNI library of a named module, and the packages that one module opens to another. */
public final class ModuleConsumer {
    private ModuleConsumer() {}

    public static void main(String[] args) throws Exception {
        Consumer.main(args);
        TraitRegistry names = TraitRegistry.of(List.of(TraitDefinition.of("customer_id", 4, TraitType.U32)));
        TraitKey<Integer> customer = names.key("customer_id", Integer.class);
        int received = datagram(Traits.EMPTY.with(customer, 12345)).getInt(customer, -1);
        if (received != 12345) {
            throw new IllegalStateException("received " + received);
        }
        System.out.println("a datagram kept its traits: " + ModuleConsumer.class.getModule());
    }

    private static Traits datagram(Traits traits) throws Exception {
        CompletableFuture<Traits> received = new CompletableFuture<>();
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try {
            Channel channel = new Bootstrap()
                    .group(group)
                    .channel(EpollTraitsDatagramChannel.class)
                    .handler(new SimpleChannelInboundHandler<TraitsDatagramPacket>() {
                        @Override
                        protected void channelRead0(ChannelHandlerContext ctx, TraitsDatagramPacket packet) {
                            received.complete(packet.traits());
                        }
                    })
                    .bind("127.0.0.1", 0)
                    .sync()
                    .channel();
            InetSocketAddress itself = (InetSocketAddress) channel.localAddress();
            channel.writeAndFlush(new TraitsDatagramPacket(Unpooled.directBuffer().writeByte(1), itself, traits))
                    .sync();
            return received.get(10, TimeUnit.SECONDS);
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }
}
