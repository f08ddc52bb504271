// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.function.Function;
import java.util.stream.Stream;

/** The datagram channels that one suite holds to the same behaviour: stock ones too, so that the suite is proven. */
@SuppressWarnings("ImmutableEnumChecker") // constructors have no state
enum DatagramTransport {
    EPOLL(EpollTraitsDatagramChannel::new),
    STOCK_EPOLL(EpollDatagramChannel::new),
    IO_URING(IoUringTraitsDatagramChannel::new),
    STOCK_IO_URING(IoUringDatagramChannel::new);

    private static final EventLoopGroup EPOLL_GROUP = group("epoll", EpollIoHandler.newFactory());
    private static final EventLoopGroup IO_URING_GROUP = group("io_uring", IoUringIoHandler.newFactory());

    private final Function<SocketProtocolFamily, DatagramChannel> constructor;

    DatagramTransport(Function<SocketProtocolFamily, DatagramChannel> constructor) {
        this.constructor = constructor;
    }

    private static EventLoopGroup group(String name, IoHandlerFactory factory) {
        return new MultiThreadIoEventLoopGroup(2, new DefaultThreadFactory("datagram-test-" + name, true), factory);
    }

    /** Those that carry traits. */
    static Stream<DatagramTransport> withTraits() {
        return Stream.of(EPOLL, IO_URING);
    }

    boolean isStock() {
        return this == STOCK_EPOLL || this == STOCK_IO_URING;
    }

    EventLoopGroup group() {
        return this == EPOLL || this == STOCK_EPOLL ? EPOLL_GROUP : IO_URING_GROUP;
    }

    Bootstrap bootstrap(SocketProtocolFamily family, ChannelHandler handler) {
        ChannelFactory<Channel> factory = () -> constructor.apply(family);
        return new Bootstrap().group(group()).channelFactory(factory).handler(handler);
    }
}
