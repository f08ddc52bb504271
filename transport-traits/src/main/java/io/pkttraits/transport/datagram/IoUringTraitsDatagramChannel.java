// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.pkttraits.transport.TraitsCounter;
import io.pkttraits.transport.TraitsException;
import io.pkttraits.transport.internal.carrier.DatagramCarrier;
import io.pkttraits.transport.internal.carrier.DatagramCarrierChoice;
import java.net.ProtocolFamily;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * A datagram channel on Netty 4.2's io_uring that receives and sends the traits of each datagram.
 *
 * <p>It is used as {@link IoUringDatagramChannel} is, on the same event loops and with the same options, and besides with
 * {@code UDP_GRO} and {@code IP_RECVORIGDSTADDR}. It delivers {@link TraitsDatagramPacket}s, which are {@link
 * io.netty.channel.socket.DatagramPacket}s, and sends these, plain packets, addressed envelopes, {@code ByteBuf}s
 * (connected) and {@link io.netty.channel.unix.SegmentedDatagramPacket}s.
 *
 * <p>A write whose traits cannot be sent fails with a {@link TraitsException}; nothing of it was sent then. Reading never
 * fails by traits: see {@link TraitsCounter}. With {@code UDP_GRO} all datagrams of a train have the traits of its first.
 * Several datagrams are read by one submission where {@code MAX_DATAGRAM_PAYLOAD_SIZE} and a receive buffer of a multiple
 * of it are set, up to 64.
 *
 * <p>Writes go out in their order, but for those that find the socket's buffer full or lose their traits by {@link
 * UnsendablePolicy#DROP}: these may come behind others that were flushed with them.
 *
 * <p>The kernel may be using a message's memory when the channel is to be closed: the close completes as soon as the
 * kernel has given it back, after datagrams that had come by then.
 *
 * @see DatagramTraits#isAvailable()
 */
public final class IoUringTraitsDatagramChannel extends AbstractTraitsDatagramChannel {
    /** When a read that could not be begun is tried again. */
    private static final long RETRY_MILLIS = 100;

    private final IoUringDatagramWriter writer;
    /** What the kernel has to say of registrations that have ended. */
    private final Queue<Runnable> late = new ConcurrentLinkedQueue<>();
    /** The readers of ended registrations that the kernel still has memory of. */
    private final List<IoUringDatagramReader> endingReaders = new ArrayList<>();

    private IoUringDatagramHandle handle;
    private IoUringDatagramReader reader;
    private boolean readPending;
    private volatile boolean attached;
    /** What closes the channel as soon as it is idle. */
    private volatile Runnable close;

    /** A channel of the family that Netty prefers: IPv6 with IPv4-mapped addresses, unless the JVM prefers IPv4. */
    public IoUringTraitsDatagramChannel() {
        this(null);
    }

    /**
     * A channel of a family.
     *
     * @param family {@code INET} or {@code INET6}, Netty's {@code SocketProtocolFamily} or the JDK's {@code
     *     StandardProtocolFamily}; {@code null} for the preferred one
     * @throws UnsupportedOperationException if this process cannot have one; the message says why
     */
    public IoUringTraitsDatagramChannel(ProtocolFamily family) {
        this(family, DatagramCarrierChoice.current().carrier());
    }

    IoUringTraitsDatagramChannel(ProtocolFamily family, DatagramCarrier carrier) {
        super(family, carrier, IoUringTraitsDatagramChannel::options);
        writer = new IoUringDatagramWriter(this);
    }

    /**
     * A channel of a UDP socket that was opened elsewhere, e.g. by a parent process. It is active from the start, bound
     * and connected as the socket is, and closes it in the end.
     *
     * @param fd the descriptor, which the caller keeps where this fails
     * @throws io.netty.channel.ChannelException if it is no UDP socket
     */
    public IoUringTraitsDatagramChannel(int fd) {
        super(fd, DatagramCarrierChoice.current().carrier(), IoUringTraitsDatagramChannel::options);
        writer = new IoUringDatagramWriter(this);
    }

    private static DatagramTransportOptions options() {
        return new DatagramTransportOptions(
                UnixChannelOption.SO_REUSEPORT,
                IoUringChannelOption.IP_FREEBIND,
                IoUringChannelOption.IP_TRANSPARENT,
                TraitsDatagramChannelOption.IP_RECVORIGDSTADDR,
                IoUringChannelOption.IP_MULTICAST_ALL,
                TraitsDatagramChannelOption.UDP_GRO,
                IoUringChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE,
                Map.of());
    }

    @Override
    boolean isGsoSupported() {
        return IoUringDatagramChannel.isSegmentedDatagramPacketSupported();
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new IoUringUnsafe();
    }

    private IoUringUnsafe ioUringUnsafe() {
        return (IoUringUnsafe) unsafe();
    }

    @Override
    Class<? extends IoHandle> handleType() {
        return IoUringDatagramHandle.class;
    }

    @Override
    IoHandle newHandle() {
        handle = new IoUringDatagramHandle(this);
        return Parts.handle(handle);
    }

    @Override
    void registrationBegun() {
        reader = handle.begin(registration());
        attached = true;
        // Handlers must not run before the channel knows that it is registered.
        eventLoop().execute(this::resume);
    }

    /** Goes on with what the last registration has left. */
    private void resume() {
        runLate();
        if (writer.isStalled()) {
            writer.end(unsafe().outboundBuffer(), registration(), close != null);
        }
        ioUringUnsafe().flush0();
        beginPendingRead();
        closeIfIdle();
    }

    @Override
    void registrationEnding(IoRegistration ending) {
        if (reader.isReading()) {
            // Whoever asked for this read has not been answered.
            readPending = isOpen();
            endingReaders.add(reader);
            reader.cancel();
        }
        writer.cancel();
        handle.end();
        reader = null;
        attached = false;
    }

    /** Runs the task on the event loop that this channel is, or will be, registered with. */
    void later(Runnable task) {
        late.add(task);
        if (attached || close != null || !isOpen()) {
            eventLoop().execute(this::runLate);
        }
    }

    private void runLate() {
        for (Runnable task = late.poll(); task != null; task = late.poll()) {
            task.run();
        }
    }

    /**
     * What became of a message.
     *
     * @param of who reads it, or {@code null} if it was written
     * @param result its length or {@code -errno}
     */
    void completed(IoUringDatagramReader of, int message, int result) {
        if (of == null) {
            writer.completed(message, result);
            if (!writer.isOutstanding()) {
                writer.end(unsafe().outboundBuffer(), registration(), close != null);
                ioUringUnsafe().flush0();
            }
        } else {
            of.completed(message, result, allocHandle());
            if (of != reader) {
                endingReaders.removeIf(other -> !other.isReading());
            } else if (of.isFruitless() || (readPending && !of.isReading())) {
                beginRead();
            }
        }
        closeIfIdle();
    }

    private RecvByteBufAllocator.ExtendedHandle allocHandle() {
        return (RecvByteBufAllocator.ExtendedHandle) unsafe().recvBufAllocHandle();
    }

    @Override
    protected void doBeginRead() {
        readPending = true;
        beginPendingRead();
    }

    private void beginPendingRead() {
        if (readPending && reader != null && !reader.isReading()) {
            beginRead();
        }
    }

    private void beginRead() {
        readPending = false;
        if (close != null || !isOpen()) {
            return;
        }
        try {
            reader.begin(allocHandle());
        } catch (OutOfMemoryError e) {
            // It would be the event loop's end, and nobody asks for this read again.
            if (!reader.isReading()) {
                readPending = true;
                eventLoop().schedule(this::retryRead, RETRY_MILLIS, TimeUnit.MILLISECONDS);
            }
            eventLoop().execute(() -> pipeline().fireExceptionCaught(e));
        }
    }

    private void retryRead() {
        // Another event loop, which the channel has moved to, has tried by itself.
        if (eventLoop().inEventLoop()) {
            beginPendingRead();
        }
    }

    @Override
    void autoReadCleared() {
        if (!isRegistered()) {
            return;
        }
        if (eventLoop().inEventLoop()) {
            stopReading();
        } else {
            eventLoop().execute(this::stopReadingUnlessWanted);
        }
    }

    @Override
    void controlLengthChanged() {
        if (!attached) {
            return;
        }
        if (eventLoop().inEventLoop()) {
            restartReading();
        } else {
            eventLoop().execute(this::restartReading);
        }
    }

    /** Takes a control buffer back that is too small by now. */
    private void restartReading() {
        if (reader != null && reader.isReading()) {
            readPending = true;
            reader.cancel();
        }
    }

    private void stopReadingUnlessWanted() {
        if (!traitsConfig.isAutoRead()) {
            stopReading();
        }
    }

    private void stopReading() {
        readPending = false;
        if (reader != null) {
            reader.cancel();
        }
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) throws Exception {
        if (registration() != null && !writer.isWriting()) {
            writer.begin(in, maxMessagesPerWrite(), registration());
        }
    }

    /** Called where a write has thrown: no batch is under way then, but a read may be. */
    @Override
    protected void doShutdownOutput() {
        unsafe().close(voidPromise());
    }

    private boolean isIdle() {
        return !writer.isWriting() && endingReaders.isEmpty() && (reader == null || !reader.isReading());
    }

    private void closeIfIdle() {
        Runnable now = close;
        if (now != null && isOpen() && isIdle()) {
            now.run();
        }
    }

    /**
     * What has the JVM look at Netty 4.2's types: apart, so that the channel's own class can be loaded and instantiated,
     * and say what is missing, on Netty 4.1.
     */
    private static final class Parts {
        static IoHandle handle(IoUringDatagramHandle handle) {
            return handle;
        }
    }

    private final class IoUringUnsafe extends TraitsUnsafe {
        /** Waits until the kernel has done with the memory of messages, and with the number of the descriptor. */
        @Override
        protected void close(ChannelPromise promise, Throwable cause, ClosedChannelException closeCause) {
            if (isIdle() || !isOpen()) {
                super.close(promise, cause, closeCause);
                return;
            }
            if (!promise.setUncancellable()) {
                return;
            }
            if (close != null) {
                if (!promise.isVoid()) {
                    closeFuture().addListener(closed -> promise.trySuccess());
                }
                return;
            }
            close = () -> super.close(promise, cause, closeCause);
            if (reader != null) {
                reader.cancel();
            }
            writer.cancel();
            // Nobody else would when it is not registered.
            runLate();
            if (writer.isStalled()) {
                writer.end(outboundBuffer(), null, true);
            }
            closeIfIdle();
        }

        @Override
        protected void flush0() {
            if (close == null && !writer.isWriting()) {
                super.flush0();
            }
        }
    }
}
