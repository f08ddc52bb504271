// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.net;

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
import java.util.function.Function;

/** The two of Netty's transports whose sockets have options, and so traits. */
@SuppressWarnings("ImmutableEnumChecker") // a constructor's reference has no state
public enum IoTransport {
    EPOLL("epoll", EpollServerSocketChannel.class, EpollSocketChannel.class, EpollTraitsDatagramChannel::new) {
        @Override
        public Throwable unavailabilityCause() {
            return Epoll.unavailabilityCause();
        }

        @Override
        public IoHandlerFactory ioHandlers() {
            return EpollIoHandler.newFactory();
        }
    },
    IO_URING(
            "io_uring",
            IoUringServerSocketChannel.class,
            IoUringSocketChannel.class,
            IoUringTraitsDatagramChannel::new) {
        @Override
        public Throwable unavailabilityCause() {
            return IoUring.unavailabilityCause();
        }

        @Override
        public IoHandlerFactory ioHandlers() {
            return IoUringIoHandler.newFactory();
        }
    };

    private final String id;
    private final Class<? extends ServerSocketChannel> serverChannel;
    private final Class<? extends SocketChannel> channel;
    private final Function<SocketProtocolFamily, DatagramChannel> datagramChannel;

    IoTransport(
            String id,
            Class<? extends ServerSocketChannel> serverChannel,
            Class<? extends SocketChannel> channel,
            Function<SocketProtocolFamily, DatagramChannel> datagramChannel) {
        this.id = id;
        this.serverChannel = serverChannel;
        this.channel = channel;
        this.datagramChannel = datagramChannel;
    }

    /** Reads {@code epoll} or {@code io_uring}; throws {@link IllegalArgumentException} for anything else. */
    public static IoTransport parse(String id) {
        for (IoTransport transport : values()) {
            if (transport.id.equals(id)) {
                return transport;
            }
        }
        throw new IllegalArgumentException("'" + id + "' is not a transport (expected: auto, epoll or io_uring)");
    }

    /** Why this machine does not have it, or {@code null} if it does. */
    public abstract Throwable unavailabilityCause();

    public abstract IoHandlerFactory ioHandlers();

    public Class<? extends ServerSocketChannel> serverChannel() {
        return serverChannel;
    }

    public Class<? extends SocketChannel> channel() {
        return channel;
    }

    /** Makes datagram channels that read and send traits. */
    public Function<SocketProtocolFamily, DatagramChannel> datagramChannel() {
        return datagramChannel;
    }

    @Override
    public String toString() {
        return id;
    }
}
