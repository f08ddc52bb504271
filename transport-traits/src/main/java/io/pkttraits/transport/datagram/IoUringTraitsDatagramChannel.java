// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.pkttraits.transport.TraitsCounter;
import io.pkttraits.transport.TraitsException;
import io.pkttraits.transport.UnsendablePolicy;
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
 * <p>Use it like {@link IoUringDatagramChannel}, on the same event loops and with the same options. In addition it has the
 * options {@code UDP_GRO} and {@code IP_RECVORIGDSTADDR}. It reads {@link TraitsDatagramPacket}s, which are {@link
 * io.netty.channel.socket.DatagramPacket}s. It writes the same types as {@code IoUringDatagramChannel}, and {@link
 * TraitsDatagramPacket}s and {@link TraitsSegmentedDatagramPacket}s.
 *
 * <p>If the traits of a write cannot be sent, nothing is sent and the write fails with a {@link TraitsException}. Set {@link
 * TraitsDatagramChannelOption#UNSENDABLE_POLICY} to send such a write without its traits. Reading never fails because of
 * traits: see {@link TraitsCounter}.
 *
 * <p>With {@code UDP_GRO} all datagrams of a received train have the traits of the first one ({@link
 * TraitsCounter#GRO_KEEP_FIRST}).
 *
 * <p>Up to 64 datagrams are read together if {@code MAX_DATAGRAM_PAYLOAD_SIZE} is set and the receive buffer is a multiple
 * of it.
 *
 * <p>Writes are sent in their order, with two exceptions. A write that found the socket's buffer full, or lost its traits
 * because of {@link UnsendablePolicy#DROP}, may be sent after others of the same flush.
 *
 * <p>A close waits until the kernel no longer uses the memory of messages. Datagrams that have arrived by then are still
 * read.
 *
 * @see DatagramTraits#isAvailable()
 */
public final class IoUringTraitsDatagramChannel extends AbstractTraitsDatagramChannel {
    /*
     * The states of a channel, of a reader's rounds and of a writer's batches. They change on the event loop.
     *
     *   channel    registered (reader != null) <-----> not registered (reader == null)
     *                   |                                   |
     *                   +--- close(), if not idle ----------+
     *                   v
     *              closing (close != null): what is submitted has been cancelled, nothing is submitted any more
     *                   | idle: the kernel uses no memory of reader, endingReaders or writer
     *                   v
     *              closed (!isOpen())
     *
     *   reader     IDLE --begin()--> READING --cancel()--> CANCELLED
     *              READING --all completed, with datagrams or an error--> IDLE
     *              READING --all completed, with neither--> FRUITLESS --begin(), immediately--> READING
     *              CANCELLED --all completed--> IDLE
     *
     *   writer     idle --begin()--> outstanding --all completed--> end()
     *              end() --nothing to submit again, or closing--> idle
     *              end() --something to submit again--> outstanding, or stalled if not registered
     *              stalled --next registration, or close()--> end()
     *
     * The end of a registration cancels both. Its reader goes to endingReaders until all of its submissions have
     * completed, and readPending asks the next registration's reader to read. Completions of an ended registration go
     * through `late`, to the event loop that the channel has then.
     */

    /** When a read that could not be begun is tried again. */
    private static final long RETRY_MILLIS = 100;

    private final IoUringDatagramWriter writer;
    /** Completions of registrations that have ended. */
    private final Queue<Runnable> late = new ConcurrentLinkedQueue<>();
    /** The readers of ended registrations whose memory the kernel may still use. */
    private final List<IoUringDatagramReader> endingReaders = new ArrayList<>();

    private IoUringDatagramHandle handle;
    /** The current registration's reader, {@code null} while not registered. Other threads test it for {@code null}. */
    private volatile IoUringDatagramReader reader;
    /** Whether the pipeline has asked for a read that was not begun. */
    private boolean readPending;
    /** Closes the channel as soon as it is idle; {@code null} unless it is closing. */
    private volatile Runnable close;

    /** Creates a channel of Netty's preferred family: IPv6 with IPv4-mapped addresses, unless the JVM prefers IPv4. */
    public IoUringTraitsDatagramChannel() {
        this(null);
    }

    /**
     * Creates a channel of a family.
     *
     * @param family {@code INET} or {@code INET6} of Netty's {@code SocketProtocolFamily} or the JDK's {@code
     *     StandardProtocolFamily}; {@code null} for the preferred one
     * @throws UnsupportedOperationException if this process cannot have such a channel; the message says why
     */
    public IoUringTraitsDatagramChannel(ProtocolFamily family) {
        this(family, DatagramCarrierChoice.current().carrier());
    }

    IoUringTraitsDatagramChannel(ProtocolFamily family, DatagramCarrier carrier) {
        super(family, carrier, IoUringTraitsDatagramChannel::options);
        writer = new IoUringDatagramWriter(this);
    }

    /**
     * Creates a channel of a UDP socket that was opened elsewhere, e.g. by a parent process. The channel is active from the
     * start, bound and connected as the socket is, and closes the socket when it is closed.
     *
     * @param fd the descriptor, which the caller keeps if this constructor fails
     * @throws io.netty.channel.ChannelException if the descriptor is no UDP socket
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
        // Handlers must not run before the channel knows that it is registered.
        eventLoop().execute(this::resume);
    }

    /** The current registration's reader, or {@code null}. */
    IoUringDatagramReader reader() {
        return reader;
    }

    /** Continues what the last registration has left. */
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
            // This read has not been answered.
            readPending = isOpen();
            endingReaders.add(reader);
            reader.cancel();
        }
        writer.cancel();
        reader = null;
    }

    /** Runs the task on the event loop that this channel is, or will be, registered with. */
    void later(Runnable task) {
        late.add(task);
        if (reader != null || close != null || !isOpen()) {
            eventLoop().execute(this::runLate);
        }
    }

    private void runLate() {
        for (Runnable task = late.poll(); task != null; task = late.poll()) {
            task.run();
        }
    }

    /**
     * Takes the result of a submission.
     *
     * @param of the reader that submitted it, or {@code null} for the writer
     * @param result bytes received or sent, or {@code -errno}
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
            // Thrown from here, it would end the event loop. Nobody asks for this read again.
            if (!reader.isReading()) {
                readPending = true;
                eventLoop().schedule(this::retryRead, RETRY_MILLIS, TimeUnit.MILLISECONDS);
            }
            eventLoop().execute(() -> pipeline().fireExceptionCaught(e));
        }
    }

    private void retryRead() {
        // If the channel has moved to another event loop, that loop has tried already.
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
        if (reader == null) {
            return;
        }
        if (eventLoop().inEventLoop()) {
            restartReading();
        } else {
            eventLoop().execute(this::restartReading);
        }
    }

    /** Takes a control buffer back that has become too small, and reads with a larger one. */
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

    /** Called when a write has thrown. There is no batch then, but a read may have begun. */
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
     * Holds the code for whose verification the JVM loads types of Netty 4.2. So the channel's own class can be loaded on
     * Netty 4.1, and its constructor says what is missing.
     */
    private static final class Parts {
        static IoHandle handle(IoUringDatagramHandle handle) {
            return handle;
        }
    }

    private final class IoUringUnsafe extends TraitsUnsafe {
        /** Closes when the kernel uses neither the memory of messages nor the descriptor any more. */
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
            // If the channel is not registered, nothing else does this.
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
