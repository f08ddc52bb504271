// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.quic;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicChannelOption;
import io.netty.handler.codec.quic.SegmentedDatagramPacketAllocator;
import io.pkttraits.Traits;
import io.pkttraits.transport.PacketTraits;
import io.pkttraits.transport.TraitsCounter;
import io.pkttraits.transport.TraitsException;
import io.pkttraits.transport.datagram.DatagramTraits;
import io.pkttraits.transport.datagram.TraitsDatagramChannel;
import io.pkttraits.transport.internal.carrier.Counts;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLEngine;

/** The traits of one QUIC connection. Only its channel refers to them. */
final class QuicConnectionTraits implements ChannelFutureListener {
    private final QuicChannel channel;
    private final Traits opening;
    /** What {@link #keepLatest} saw last. */
    private volatile Traits latest;

    private volatile Traits outgoing = Traits.EMPTY;
    private volatile boolean trainFailed;

    private QuicConnectionTraits(QuicChannel channel, Traits opening) {
        this.channel = channel;
        this.opening = opening;
        latest = opening;
    }

    /** Attaches traits to a connection. Called on its event loop, while it handles the opening datagram. */
    static void attach(QuicChannel channel) {
        if (channel.hasAttr(QuicTraits.CONNECTION)
                && channel.attr(QuicTraits.CONNECTION).get() != null) {
            return;
        }
        Traits opening = opening(channel);
        QuicConnectionTraits connection = new QuicConnectionTraits(channel, opening);
        channel.attr(PacketTraits.TRAITS).setIfAbsent(opening); // What the application has put there stays.
        channel.attr(QuicTraits.CONNECTION).set(connection);
        connection.hook();
    }

    private static Traits opening(QuicChannel channel) {
        SSLEngine engine = channel.sslEngine();
        if (engine == null || engine.getUseClientMode()) {
            return Traits.EMPTY; // no datagram of the peer opens a client's connection
        }
        if (channel.localSocketAddress() instanceof RecipientWithTraits address
                && channel.collectStats().getNow().recv() == 0) {
            return address.traits();
        }
        Counts.incrementAndLogFirst(TraitsCounter.QUIC_UNASSOCIATED, channel, null);
        return Traits.EMPTY;
    }

    /** Undoes {@link #attach}. */
    static void detach(QuicChannel channel) {
        QuicConnectionTraits connection = channel.attr(QuicTraits.CONNECTION).getAndSet(null);
        if (connection != null) {
            channel.attr(PacketTraits.TRAITS).compareAndSet(connection.opening, null);
            connection.unhook();
        }
    }

    private void hook() {
        ByteBufAllocator allocator = channel.config().getAllocator();
        if (!(allocator instanceof QuicConnectionAllocator)) {
            channel.config().setAllocator(new QuicConnectionAllocator(this, allocator));
        }
        SegmentedDatagramPacketAllocator segments = segments();
        if (!(segments instanceof QuicSegmentAllocator)) {
            setSegments(new QuicSegmentAllocator(this, segments));
        }
    }

    private void unhook() {
        if (channel.config().getAllocator() instanceof QuicConnectionAllocator allocator) {
            channel.config().setAllocator(allocator.delegate());
        }
        if (segments() instanceof QuicSegmentAllocator segments) {
            setSegments(segments.delegate());
        }
    }

    private SegmentedDatagramPacketAllocator segments() {
        return channel.config().getOption(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR);
    }

    private void setSegments(SegmentedDatagramPacketAllocator segments) {
        channel.config().setOption(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR, segments);
    }

    Traits latest() {
        return channel.localSocketAddress() instanceof RecipientWithTraits address ? address.traits() : latest;
    }

    /** Called before each packet that is sent, since the codec may change the channel's addresses as it sends. */
    void keepLatest() {
        if (channel.localSocketAddress() instanceof RecipientWithTraits address) {
            latest = address.traits();
        }
    }

    Traits outgoing() {
        return outgoing;
    }

    /**
     * Returns true if datagrams may be sent as GSO trains. After a train with traits has failed, its segments exceed the MTU.
     * Single datagrams are fragmented instead. QUIC would regard the failure as loss and send the same train again.
     */
    boolean sendsTrains() {
        return !trainFailed || outgoing.isEmpty();
    }

    /** Called when a train with traits was sent or has failed. */
    @Override
    public void operationComplete(ChannelFuture written) {
        if (written.cause() instanceof TraitsException) {
            // Deferred, because the codec may be creating more trains of the length that it was told.
            channel.eventLoop().execute(() -> trainFailed = true);
        }
    }

    void setOutgoing(Traits traits) throws TraitsException {
        if (!traits.isEmpty()) {
            requireSendable(traits);
            hook();
        }
        if (!traits.equals(outgoing)) {
            outgoing = traits;
            trainFailed = false;
        }
    }

    private void requireSendable(Traits traits) throws TraitsException {
        Channel parent = channel.parent();
        if (!(parent instanceof TraitsDatagramChannel datagrams)) {
            throw TraitsException.refused(
                    DatagramTraits.carrier(),
                    TraitsException.NO_KEY,
                    "a " + parent.getClass().getSimpleName()
                            + " sends no traits, an EpollTraitsDatagramChannel or IoUringTraitsDatagramChannel under the"
                            + " QUIC codec does");
        }
        if (parent.pipeline().get(QuicTraitsHandler.class) == null) {
            throw TraitsException.refused(
                    DatagramTraits.carrier(),
                    TraitsException.NO_KEY,
                    "there is no QuicTraitsHandler before the QUIC codec in the pipeline of " + parent);
        }
        // A closed connection has no address, and sends nothing.
        if (channel.remoteSocketAddress() instanceof InetSocketAddress remote) {
            datagrams.ensureSendable(traits, remote);
        }
    }
}
