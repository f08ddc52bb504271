// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.quic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.NetUtil;
import io.pkttraits.Traits;
import io.pkttraits.transport.Allocations;
import io.pkttraits.transport.datagram.DatagramFamily;
import io.pkttraits.transport.datagram.DatagramFixture;
import io.pkttraits.transport.datagram.DatagramInbox;
import io.pkttraits.transport.datagram.DatagramTransport;
import io.pkttraits.transport.datagram.OnOurTransports;
import io.pkttraits.transport.datagram.TraitsDatagramPacket;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the handler allocates for a datagram: at most the packet that takes its place. */
@Tag("netty-4.2")
final class QuicAllocationTest {

    private final InetSocketAddress address = new InetSocketAddress(NetUtil.LOCALHOST4, 443);
    /** As many as {@link RecipientCache} holds even if their hashes are the same. */
    private final Traits[] traits = new Traits[2];
    /** Without leak detection, which allocates on every access. */
    private final ByteBuf data = new UnpooledDirectByteBuf(UnpooledByteBufAllocator.DEFAULT, 256, 256);

    private final QuicTraitsHandler handler = new QuicTraitsHandler();
    private final Sink sink = new Sink();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private int next;

    QuicAllocationTest() {
        for (int i = 0; i < traits.length; i++) {
            traits[i] = Traits.EMPTY.withInt(4, i);
        }
    }

    @AfterEach
    void release() {
        data.release();
        channel.finishAndReleaseAll();
    }

    private Traits nextTraits() {
        return traits[next++ & traits.length - 1];
    }

    @Test
    void datagramInOfOtherChannelsCostsThePacketAlone() {
        channel.pipeline().addLast(handler, sink);
        ChannelHandlerContext ctx = channel.pipeline().context(handler);
        TraitsDatagramPacket[] packets = new TraitsDatagramPacket[traits.length];
        for (int i = 0; i < packets.length; i++) {
            packets[i] = new TraitsDatagramPacket(data, address, address, traits[i]);
        }
        long packet = Allocations.bytesPerCall(
                () -> sink.last = new TraitsDatagramPacket(data, address, address, nextTraits()));
        assertEquals(
                packet, Allocations.bytesPerCall(() -> handler.channelRead(ctx, packets[next++ & packets.length - 1])));
    }

    @Test
    void datagramInOfOurChannelsCostsNothing() {
        channel.pipeline().addLast(handler, sink);
        ChannelHandlerContext ctx = channel.pipeline().context(handler);
        RecipientWithTraits recipient = new RecipientWithTraits(address, traits[0]);
        TraitsDatagramPacket packet = new TraitsDatagramPacket(data, recipient, address, traits[0]);
        assertEquals(0, Allocations.bytesPerCall(() -> handler.channelRead(ctx, packet)));
    }

    @OnOurTransports
    void datagramIsReadAsTheHandlerPassesItOn(DatagramTransport transport) throws Exception {
        BlockingQueue<Object> read = new LinkedBlockingQueue<>();
        DatagramInbox inbox = new DatagramInbox();
        try (DatagramFixture fixture = new DatagramFixture(transport, DatagramFamily.IPV4)) {
            ChannelHandler recorder = new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object msg) {
                    read.add(msg);
                    ctx.fireChannelRead(msg);
                }
            };
            DatagramChannel receiver = fixture.bind(new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel opened) {
                    opened.pipeline().addLast(recorder, handler, inbox);
                }
            });
            DatagramChannel sender = fixture.bind(new DatagramInbox());
            for (Traits set : List.of(traits[0], Traits.EMPTY, traits[1])) {
                sender.writeAndFlush(
                                new TraitsDatagramPacket(DatagramFixture.text("text"), receiver.localAddress(), set))
                        .sync();
                TraitsDatagramPacket packet = (TraitsDatagramPacket) inbox.next();
                assertSame(read.take(), packet);
                assertEquals(receiver.localAddress(), packet.recipient());
                assertEquals(set, ((RecipientWithTraits) packet.recipient()).traits());
                packet.release();
            }
            receiver.eventLoop()
                    .submit(() -> receiver.pipeline().remove(handler))
                    .sync();
            sender.writeAndFlush(new DatagramPacket(DatagramFixture.text("text"), receiver.localAddress()));
            TraitsDatagramPacket packet = (TraitsDatagramPacket) inbox.next();
            assertSame(InetSocketAddress.class, packet.recipient().getClass());
            packet.release();
        }
    }

    @Test
    void packetOutCostsThePacketAlone() {
        channel.pipeline().addLast(sink, handler);
        ChannelHandlerContext ctx = channel.pipeline().context(handler);
        QuicPacketBuffer buffer = new QuicPacketBuffer(data, traits[0]);
        buffer.internalNioBuffer(0, 0); // as the codec asks for memory without an address
        DatagramPacket plain = new DatagramPacket(buffer, address);
        ChannelPromise promise = channel.newPromise();
        long packet = Allocations.bytesPerCall(() -> sink.last = new TraitsDatagramPacket(data, address, nextTraits()));
        assertEquals(packet, Allocations.bytesPerCall(() -> handler.write(ctx, plain, promise)));
    }

    @Test
    void packetOfAConnectionWithoutTraitsCostsNothing() {
        channel.pipeline().addLast(sink, handler);
        ChannelHandlerContext ctx = channel.pipeline().context(handler);
        DatagramPacket plain = new DatagramPacket(data, address);
        ChannelPromise promise = channel.newPromise();
        assertEquals(0, Allocations.bytesPerCall(() -> handler.write(ctx, plain, promise)));
    }

    private static final class Sink extends ChannelDuplexHandler {
        Object last;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            last = msg;
        }

        @Override
        public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
            last = msg;
        }
    }
}
