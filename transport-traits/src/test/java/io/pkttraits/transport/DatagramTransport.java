// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.function.Function;

/** The datagram channels that one suite holds to the same behaviour: stock ones too, so that the suite is proven. */
@SuppressWarnings("ImmutableEnumChecker") // constructors have no state
enum DatagramTransport {
    EPOLL(EpollTraitsDatagramChannel::new),
    STOCK_EPOLL(EpollDatagramChannel::new);

    static final EventLoopGroup GROUP = new MultiThreadIoEventLoopGroup(
            2, new DefaultThreadFactory("datagram-test", true), EpollIoHandler.newFactory());

    private final Function<SocketProtocolFamily, DatagramChannel> constructor;

    DatagramTransport(Function<SocketProtocolFamily, DatagramChannel> constructor) {
        this.constructor = constructor;
    }

    Bootstrap bootstrap(SocketProtocolFamily family, ChannelHandler handler) {
        ChannelFactory<Channel> factory = () -> constructor.apply(family);
        return new Bootstrap().group(GROUP).channelFactory(factory).handler(handler);
    }
}
