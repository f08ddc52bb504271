// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.pkttraits.Traits;
import io.pkttraits.proxy.net.IoTransport;
import io.pkttraits.transport.ConnectTraitsHandler;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

/** A connection with traits, for HTTP requests. */
interface TraitsClient extends AutoCloseable {
    /** Status code and content. */
    CompletableFuture<String> get(String path);

    @Override
    void close();

    /** Opens such a connection, behind whose traits the handlers come. */
    static Channel connect(
            EventLoopGroup group,
            IoTransport transport,
            InetSocketAddress address,
            Traits traits,
            ChannelHandler... handlers)
            throws InterruptedException {
        return new Bootstrap()
                .group(group)
                .channel(transport.channel())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel ch) {
                        ch.pipeline().addLast(new ConnectTraitsHandler(traits)).addLast(handlers);
                    }
                })
                .connect(address)
                .sync()
                .channel();
    }
}
