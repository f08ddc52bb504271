// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.example.demo;

import io.netty.channel.ChannelFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.pkttraits.transport.datagram.EpollTraitsDatagramChannel;
import io.pkttraits.transport.datagram.IoUringTraitsDatagramChannel;
import java.util.List;

/**
 * One of the two transports of Netty whose sockets have traits.
 *
 * @param id as it is written on a command line
 * @param io makes the event loop's I/O handler
 * @param server the class of listening channels
 * @param client the class of connecting channels
 * @param datagram makes datagram channels for IPv4
 */
record DemoTransport(
        String id,
        IoHandlerFactory io,
        Class<? extends ServerSocketChannel> server,
        Class<? extends SocketChannel> client,
        ChannelFactory<DatagramChannel> datagram) {
    static final String AUTO = "auto";

    private static final String EPOLL = "epoll";
    private static final String IO_URING = "io_uring";

    static final List<String> IDS = List.of(AUTO, EPOLL, IO_URING);

    /** Returns the transport with one of the {@link #IDS}. */
    static DemoTransport of(String id) throws DemoFailure {
        boolean epoll = id.equals(AUTO) ? Epoll.isAvailable() : id.equals(EPOLL);
        Throwable unavailability = epoll ? Epoll.unavailabilityCause() : IoUring.unavailabilityCause();
        if (unavailability != null) {
            throw new DemoFailure("transport " + (epoll ? EPOLL : IO_URING) + " is not available: " + unavailability);
        }
        return epoll
                ? new DemoTransport(
                        EPOLL,
                        EpollIoHandler.newFactory(),
                        EpollServerSocketChannel.class,
                        EpollSocketChannel.class,
                        () -> new EpollTraitsDatagramChannel(SocketProtocolFamily.INET))
                : new DemoTransport(
                        IO_URING,
                        IoUringIoHandler.newFactory(),
                        IoUringServerSocketChannel.class,
                        IoUringSocketChannel.class,
                        () -> new IoUringTraitsDatagramChannel(SocketProtocolFamily.INET));
    }

    @Override
    public String toString() {
        return id;
    }
}
