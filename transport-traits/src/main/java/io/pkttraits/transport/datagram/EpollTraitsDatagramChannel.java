// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.EpollMode;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.UnixChannelOption;
import io.pkttraits.transport.TraitsException;
import io.pkttraits.transport.internal.carrier.DatagramCarrier;
import io.pkttraits.transport.internal.carrier.DatagramCarrierChoice;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.util.Map;

/**
 * A datagram channel on Netty 4.2's epoll that receives and sends the traits of each datagram.
 *
 * <p>It is used as {@link EpollDatagramChannel} is, on the same event loops and with the same options. It delivers {@link
 * TraitsDatagramPacket}s, which are {@link io.netty.channel.socket.DatagramPacket}s, and sends these, plain packets,
 * addressed envelopes, {@code ByteBuf}s (connected), {@link io.netty.channel.unix.SegmentedDatagramPacket}s and {@link
 * TraitsSegmentedDatagramPacket}s.
 *
 * <p>A write whose traits cannot be sent fails with a {@link TraitsException}; nothing of it was sent then, and {@link
 * TraitsChannelOption#UNSENDABLE_POLICY} can have it sent without any. Reading never fails by traits: see {@link
 * TraitsCounter}. With {@code UDP_GRO} all datagrams of a train have the traits of its first ({@link
 * TraitsCounter#GRO_KEEP_FIRST}).
 * Several datagrams are read by one system call where {@code MAX_DATAGRAM_PAYLOAD_SIZE} and a receive buffer of a
 * multiple of it are set, up to 64.
 *
 * @see DatagramTraits#isAvailable()
 */
public final class EpollTraitsDatagramChannel extends AbstractTraitsDatagramChannel {
    private final EpollDatagramReader reader;
    private final EpollDatagramWriter writer;
    private boolean readPending;
    /** Never without EPOLLERR: Netty 4.2.18 takes a descriptor out of epoll for no ops, and cannot put it back. */
    private EpollIoOps ops = EpollIoOps.EPOLLERR;

    /** A channel of the family that Netty prefers: IPv6 with IPv4-mapped addresses, unless the JVM prefers IPv4. */
    public EpollTraitsDatagramChannel() {
        this(null);
    }

    /**
     * A channel of a family.
     *
     * @param family {@code INET} or {@code INET6}, Netty's {@code SocketProtocolFamily} or the JDK's {@code
     *     StandardProtocolFamily}; {@code null} for the preferred one
     * @throws UnsupportedOperationException if this process cannot have one; the message says why
     */
    public EpollTraitsDatagramChannel(ProtocolFamily family) {
        this(family, DatagramCarrierChoice.current().carrier());
    }

    EpollTraitsDatagramChannel(ProtocolFamily family, DatagramCarrier carrier) {
        super(family, carrier, EpollTraitsDatagramChannel::options);
        reader = new EpollDatagramReader(this);
        writer = new EpollDatagramWriter(this);
    }

    /**
     * A channel of a UDP socket that was opened elsewhere, e.g. by a parent process. It is active from the start, bound
     * and connected as the socket is, and closes it in the end.
     *
     * @param fd the descriptor, which the caller keeps where this fails
     * @throws io.netty.channel.ChannelException if it is no UDP socket
     */
    public EpollTraitsDatagramChannel(int fd) {
        super(fd, DatagramCarrierChoice.current().carrier(), EpollTraitsDatagramChannel::options);
        reader = new EpollDatagramReader(this);
        writer = new EpollDatagramWriter(this);
    }

    @SuppressWarnings("deprecation") // EPOLL_MODE, which stock channels still take
    private static DatagramTransportOptions options() {
        return new DatagramTransportOptions(
                UnixChannelOption.SO_REUSEPORT,
                EpollChannelOption.IP_FREEBIND,
                EpollChannelOption.IP_TRANSPARENT,
                EpollChannelOption.IP_RECVORIGDSTADDR,
                EpollChannelOption.IP_MULTICAST_ALL,
                EpollChannelOption.UDP_GRO,
                EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE,
                Map.of(EpollChannelOption.EPOLL_MODE, EpollMode.LEVEL_TRIGGERED));
    }

    @Override
    boolean isGsoSupported() {
        return EpollDatagramChannel.isSegmentedDatagramPacketSupported();
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return Parts.newUnsafe(this);
    }

    @Override
    Class<? extends IoHandle> handleType() {
        return EpollUnsafe.class;
    }

    @Override
    IoHandle newHandle() {
        return Parts.handle(unsafe());
    }

    @Override
    void registrationEnding(IoRegistration ending) {}

    @Override
    void registrationBegun() {
        Parts.submit(registration(), ops);
    }

    @Override
    protected void doBeginRead() {
        readPending = true;
        submit(ops.with(EpollIoOps.EPOLLIN));
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) throws Exception {
        writer.write(in, maxMessagesPerWrite());
    }

    /** Whether the event loop shall flush again when the socket has room. */
    void wantWritable(boolean wanted) {
        submit(wanted ? ops.with(EpollIoOps.EPOLLOUT) : ops.without(EpollIoOps.EPOLLOUT));
    }

    /** The read that was asked for has been answered. */
    void readDone() {
        readPending = false;
    }

    @Override
    void autoReadCleared() {
        if (!isRegistered()) {
            return;
        }
        EventLoop loop = eventLoop();
        if (loop.inEventLoop()) {
            readPending = false;
            stopReadingUnlessWanted();
        } else {
            loop.execute(this::stopReadingUnlessWanted);
        }
    }

    @Override
    void controlLengthChanged() {
        // The next system call is told.
    }

    private void stopReadingUnlessWanted() {
        if (!readPending && !traitsConfig.isAutoRead()) {
            submit(ops.without(EpollIoOps.EPOLLIN));
        }
    }

    private void submit(EpollIoOps wanted) {
        if (wanted.equals(ops)) {
            return;
        }
        ops = wanted;
        IoRegistration current = registration();
        if (current != null && current.isValid()) {
            Parts.submit(current, wanted);
        }
    }

    /**
     * What has the JVM look at Netty 4.2's types: apart, so that the channel's own class can be loaded and instantiated,
     * and say what is missing, on Netty 4.1.
     */
    private static final class Parts {
        static AbstractUnsafe newUnsafe(EpollTraitsDatagramChannel channel) {
            return channel.new EpollUnsafe();
        }

        static IoHandle handle(Unsafe unsafe) {
            return (EpollUnsafe) unsafe;
        }

        static void submit(IoRegistration registration, EpollIoOps ops) {
            registration.submit(ops);
        }
    }

    private final class EpollUnsafe extends TraitsUnsafe implements EpollIoHandle {
        @Override
        public FileDescriptor fd() {
            return socket;
        }

        @Override
        public void close() {
            close(voidPromise());
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            EpollIoOps ready = ((EpollIoEvent) event).ops();
            boolean error = ready.contains(EpollIoOps.EPOLLERR);
            if (error || ready.contains(EpollIoOps.EPOLLOUT)) {
                super.flush0();
                // A channel that is not active any more has its writes failed without a word to the writer.
                if (outboundBuffer() == null || outboundBuffer().isEmpty()) {
                    wantWritable(false);
                }
            }
            boolean reading = ops.contains(EpollIoOps.EPOLLIN);
            if (ready.contains(EpollIoOps.EPOLLIN) || (error && reading)) {
                reader.read(allocHandle());
                stopReadingUnlessWanted();
            } else if (error) {
                fireSocketError();
            }
        }

        /** Takes the error off a socket that nobody reads, since epoll would tell of it for ever. */
        private void fireSocketError() {
            if (!isOpen()) {
                return;
            }
            try {
                int errno = socket.getSoError();
                if (errno != 0) {
                    pipeline().fireExceptionCaught(DatagramErrors.of("SO_ERROR", -errno, isConnected()));
                }
            } catch (IOException e) {
                pipeline().fireExceptionCaught(e);
            }
        }

        @Override
        protected void flush0() {
            // With EPOLLOUT on, the event loop flushes when there is room.
            if (!ops.contains(EpollIoOps.EPOLLOUT)) {
                super.flush0();
            }
        }
    }
}
