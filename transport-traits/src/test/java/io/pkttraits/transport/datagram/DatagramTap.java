// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.pkttraits.Traits;
import java.net.InetSocketAddress;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Sees what passes between a socket and the handlers above it. */
public final class DatagramTap extends ChannelDuplexHandler {
    /**
     * A datagram that passed.
     *
     * @param first the first byte, which tells the kind of a QUIC packet; -1 of an empty datagram
     */
    public record Seen(InetSocketAddress peer, Traits traits, int first, long version, boolean segmented) {
        public static Seen of(DatagramPacket packet, InetSocketAddress peer) {
            ByteBuf content = packet.content();
            int at = content.readerIndex();
            return new Seen(
                    peer,
                    OutboundFilter.traits(packet),
                    content.isReadable() ? content.getUnsignedByte(at) : -1,
                    content.readableBytes() < 5 ? -1 : content.getUnsignedInt(at + 1),
                    packet instanceof SegmentedDatagramPacket);
        }

        /** RFC 9000, 17.2.1. */
        public boolean isVersionNegotiation() {
            return first >= 0x80 && version == 0;
        }

        /** RFC 9000, 17.2.5. */
        public boolean isRetry() {
            return first >= 0x80 && version == 1 && (first & 0x30) == 0x30;
        }
    }

    public final Queue<Seen> read = new ConcurrentLinkedQueue<>();
    public final Queue<Seen> written = new ConcurrentLinkedQueue<>();
    private final Consumer<Seen> onRead;

    public DatagramTap() {
        this(seen -> {});
    }

    public DatagramTap(Consumer<Seen> onRead) {
        this.onRead = onRead;
    }

    /** Waits until a datagram with traits was read and everything above has handled it. */
    public void awaitRead(Traits traits, DatagramChannel channel) throws InterruptedException {
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20); ; ) {
            boolean came = read.stream().anyMatch(seen -> seen.traits.equals(traits));
            channel.eventLoop().submit(() -> {}).sync();
            if (came) {
                return;
            }
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("no datagram came with " + traits);
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        Seen seen = Seen.of((DatagramPacket) msg, ((DatagramPacket) msg).sender());
        read.add(seen);
        onRead.accept(seen);
        ctx.fireChannelRead(msg);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        written.add(Seen.of((DatagramPacket) msg, ((DatagramPacket) msg).recipient()));
        ctx.write(msg, promise);
    }
}
