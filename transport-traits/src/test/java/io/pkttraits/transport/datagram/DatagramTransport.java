// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.pkttraits.transport.internal.carrier.DatagramCarrier;
import io.pkttraits.transport.internal.carrier.DatagramCarrierChoice;
import java.util.Arrays;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** The datagram channels that one suite holds to the same behaviour: stock ones too, so that the suite is proven. */
@SuppressWarnings("ImmutableEnumChecker") // what it holds has no state, or is the JVM's
public enum DatagramTransport {
    EPOLL(Epoll.GROUP, Epoll.OPTIONS, EpollTraitsDatagramChannel::new, EpollTraitsDatagramChannel::new),
    STOCK_EPOLL(
            Epoll.GROUP,
            Epoll.OPTIONS,
            (family, carrier) -> new EpollDatagramChannel(family),
            EpollDatagramChannel::new),
    IO_URING(IoUring.GROUP, IoUring.OPTIONS, IoUringTraitsDatagramChannel::new, IoUringTraitsDatagramChannel::new),
    STOCK_IO_URING(
            IoUring.GROUP,
            IoUring.OPTIONS,
            (family, carrier) -> new IoUringDatagramChannel(family),
            IoUringDatagramChannel::new);

    /** For {@code @MethodSource}: each with each family. */
    static final String ALL = "io.pkttraits.transport.datagram.DatagramTransport#all";

    /** For {@code @MethodSource}: ours with each family. */
    public static final String OURS = "io.pkttraits.transport.datagram.DatagramTransport#ours";

    /**
     * For {@code @MethodSource}: all that can be registered anew, with each family. Stock channels on io_uring cannot, it
     * never completes in Netty 4.2.18.
     */
    static final String MOVABLE = "io.pkttraits.transport.datagram.DatagramTransport#movable";

    public final EventLoopGroup group;
    final DatagramTransportOptions options;
    private final Constructor constructor;
    private final IntFunction<DatagramChannel> fromDescriptor;

    DatagramTransport(
            EventLoopGroup group,
            DatagramTransportOptions options,
            Constructor constructor,
            IntFunction<DatagramChannel> fromDescriptor) {
        this.group = group;
        this.options = options;
        this.constructor = constructor;
        this.fromDescriptor = fromDescriptor;
    }

    public ChannelOption<Integer> maxDatagramPayloadSize() {
        return options.maxDatagramPayloadSize();
    }

    /** Makes a channel of a family, with a carrier if it is one of ours. */
    private interface Constructor {
        DatagramChannel create(SocketProtocolFamily family, DatagramCarrier carrier);
    }

    private static final class Epoll {
        static final EventLoopGroup GROUP = group("epoll", EpollIoHandler.newFactory());
        static final DatagramTransportOptions OPTIONS = new DatagramTransportOptions(
                UnixChannelOption.SO_REUSEPORT,
                EpollChannelOption.IP_FREEBIND,
                EpollChannelOption.IP_TRANSPARENT,
                EpollChannelOption.IP_RECVORIGDSTADDR,
                EpollChannelOption.IP_MULTICAST_ALL,
                EpollChannelOption.UDP_GRO,
                EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE,
                Map.of());
    }

    private static final class IoUring {
        static final EventLoopGroup GROUP = group("io_uring", IoUringIoHandler.newFactory());
        static final DatagramTransportOptions OPTIONS = new DatagramTransportOptions(
                UnixChannelOption.SO_REUSEPORT,
                IoUringChannelOption.IP_FREEBIND,
                IoUringChannelOption.IP_TRANSPARENT,
                EpollChannelOption.IP_RECVORIGDSTADDR,
                IoUringChannelOption.IP_MULTICAST_ALL,
                EpollChannelOption.UDP_GRO,
                IoUringChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE,
                Map.of());
    }

    private static EventLoopGroup group(String name, IoHandlerFactory handlers) {
        return new MultiThreadIoEventLoopGroup(2, new DefaultThreadFactory("datagram-test-" + name, true), handlers);
    }

    /** Whether it is one of ours. */
    boolean hasTraits() {
        return !name().startsWith("STOCK_");
    }

    static Stream<Arguments> all() {
        return Arrays.stream(values())
                .flatMap(transport ->
                        Arrays.stream(DatagramFamily.values()).map(family -> Arguments.of(transport, family)));
    }

    static Stream<Arguments> movable() {
        return all().filter(arguments -> arguments.get()[0] != STOCK_IO_URING);
    }

    static Stream<Arguments> ours() {
        return all().filter(arguments -> ((DatagramTransport) arguments.get()[0]).hasTraits());
    }

    public Bootstrap bootstrap(SocketProtocolFamily family, ChannelHandler handler) {
        return bootstrap(family, DatagramCarrierChoice.current().carrier(), handler);
    }

    Bootstrap bootstrap(SocketProtocolFamily family, DatagramCarrier carrier, ChannelHandler handler) {
        ChannelFactory<Channel> factory = () -> constructor.create(family, carrier);
        return new Bootstrap().group(group).channelFactory(factory).handler(handler);
    }

    /** A channel, not registered, that owns a socket which is already open. */
    DatagramChannel ofDescriptor(int fd) {
        return fromDescriptor.apply(fd);
    }

    /** Returns when the event loops have done what they had to do by now. */
    void settle() {
        group.forEach(loop -> loop.submit(() -> {}).syncUninterruptibly());
    }
}
