// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.bench;

import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.pkttraits.transport.datagram.EpollTraitsDatagramChannel;
import io.pkttraits.transport.datagram.IoUringTraitsDatagramChannel;
import java.util.function.Function;
import java.util.function.Supplier;

/** The datagram channels that are measured: Netty's own, and with traits, of each transport. */
@SuppressWarnings("ImmutableEnumChecker") // how to make a channel is no state
enum DatagramStack {
    EPOLL_STOCK(Transport.EPOLL, false, EpollDatagramChannel::new),
    EPOLL_TRAITS(Transport.EPOLL, true, EpollTraitsDatagramChannel::new),
    IO_URING_STOCK(Transport.IO_URING, false, IoUringDatagramChannel::new),
    IO_URING_TRAITS(Transport.IO_URING, true, IoUringTraitsDatagramChannel::new);

    /** Where channels differ only in what drives them. */
    enum Transport {
        EPOLL(EpollIoHandler::newFactory, Epoll::unavailabilityCause, EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE),
        IO_URING(
                IoUringIoHandler::newFactory,
                IoUring::unavailabilityCause,
                IoUringChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE);

        private final Supplier<IoHandlerFactory> handler;
        private final Supplier<Throwable> unavailability;
        final ChannelOption<Integer> maxPayload;

        Transport(
                Supplier<IoHandlerFactory> handler,
                Supplier<Throwable> unavailability,
                ChannelOption<Integer> maxPayload) {
            this.handler = handler;
            this.unavailability = unavailability;
            this.maxPayload = maxPayload;
        }

        IoHandlerFactory handlerFactory() {
            return handler.get();
        }

        /** Why this machine does not have it, or {@code null}. */
        Throwable unavailabilityCause() {
            return unavailability.get();
        }

        @Override
        public String toString() {
            return this == EPOLL ? "epoll" : "io_uring";
        }
    }

    final Transport transport;
    final boolean traits;
    private final Function<SocketProtocolFamily, DatagramChannel> channel;

    DatagramStack(Transport transport, boolean traits, Function<SocketProtocolFamily, DatagramChannel> channel) {
        this.transport = transport;
        this.traits = traits;
        this.channel = channel;
    }

    ChannelFactory<DatagramChannel> factory(SocketProtocolFamily family) {
        return () -> channel.apply(family);
    }

    @Override
    public String toString() {
        return transport + (traits ? " traits" : " stock");
    }
}
