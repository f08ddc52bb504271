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
import io.pkttraits.transport.TraitsCounter;
import io.pkttraits.transport.TraitsException;
import io.pkttraits.transport.internal.carrier.DatagramCarrier;
import io.pkttraits.transport.internal.carrier.DatagramCarrierChoice;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.util.Map;

/**
 * A datagram channel on Netty 4.2's epoll that receives and sends the traits of each datagram.
 *
 * <p>Use it like {@link EpollDatagramChannel}, on the same event loops and with the same options. It reads {@link
 * TraitsDatagramPacket}s, which are {@link io.netty.channel.socket.DatagramPacket}s. It writes the same types as {@code
 * EpollDatagramChannel}, and {@link TraitsDatagramPacket}s and {@link TraitsSegmentedDatagramPacket}s.
 *
 * <p>If the traits of a write cannot be sent, nothing is sent and the write fails with a {@link TraitsException}. Set {@link
 * TraitsDatagramChannelOption#UNSENDABLE_POLICY} to send such a write without its traits. Reading never fails because of
 * traits: see {@link TraitsCounter}.
 *
 * <p>With {@code UDP_GRO} all datagrams of a received train have the traits of the first one ({@link
 * TraitsCounter#GRO_KEEP_FIRST}).
 *
 * <p>One system call reads up to 64 datagrams if {@code MAX_DATAGRAM_PAYLOAD_SIZE} is set and the receive buffer is a
 * multiple of it.
 *
 * @see DatagramTraits#isAvailable()
 */
public final class EpollTraitsDatagramChannel extends AbstractTraitsDatagramChannel {
    private final EpollDatagramReader reader;
    private final EpollDatagramWriter writer;
    private boolean readPending;
    /** Never without EPOLLERR: Netty 4.2.18 takes a descriptor out of epoll for no ops, and cannot put it back. */
    private EpollIoOps ops = EpollIoOps.EPOLLERR;

    /** Creates a channel of Netty's preferred family: IPv6 with IPv4-mapped addresses, unless the JVM prefers IPv4. */
    public EpollTraitsDatagramChannel() {
        this(null);
    }

    /**
     * Creates a channel of a family.
     *
     * @param family {@code INET} or {@code INET6} of Netty's {@code SocketProtocolFamily} or the JDK's {@code
     *     StandardProtocolFamily}; {@code null} for the preferred one
     * @throws UnsupportedOperationException if this process cannot have such a channel; the message says why
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
     * Creates a channel of a UDP socket that was opened elsewhere, e.g. by a parent process. The channel is active from the
     * start, bound and connected as the socket is, and closes the socket when it is closed.
     *
     * @param fd the descriptor, which the caller keeps if this constructor fails
     * @throws io.netty.channel.ChannelException if the descriptor is no UDP socket
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

    /** Sets whether the event loop flushes again when the socket has room. */
    void wantWritable(boolean wanted) {
        submit(wanted ? ops.with(EpollIoOps.EPOLLOUT) : ops.without(EpollIoOps.EPOLLOUT));
    }

    /** Called when the pending read has been answered. */
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
        // The next system call passes the new length.
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
     * Holds the code for whose verification the JVM loads types of Netty 4.2. So the channel's own class can be loaded on
     * Netty 4.1, and its constructor says what is missing.
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
                // If the channel is not active any more, Netty fails its writes without calling the writer.
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

        /** Clears the error of a socket that is not read, because epoll would report it forever. */
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
