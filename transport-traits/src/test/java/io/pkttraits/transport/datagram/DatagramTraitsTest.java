// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.pkttraits.Traits;
import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.TraitSets;
import io.pkttraits.transport.TraitsCounter;
import io.pkttraits.transport.TraitsException;
import io.pkttraits.transport.internal.carrier.Ipv6TraitOption;
import io.pkttraits.transport.internal.sys.SocketOption;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Traits with each datagram, on real sockets. */
@Tag("netty-4.2")
@Tag("test-kernel")
@Tag("test-kernel-modes")
final class DatagramTraitsTest {
    private static final int BATCH = 64;

    private final DatagramInbox inbox = new DatagramInbox();

    private static TraitsDatagramPacket packet(String text, InetSocketAddress to, Traits traits) {
        return new TraitsDatagramPacket(DatagramFixture.text(text), to, traits);
    }

    private void assertNext(String text, Traits traits) throws Exception {
        TraitsDatagramPacket packet = (TraitsDatagramPacket) inbox.next();
        assertEquals(text, packet.content().toString(StandardCharsets.US_ASCII));
        assertEquals(traits, packet.traits());
        packet.release();
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.OURS)
    void everyDatagramOfABatchHasItsOwnTraitsOrNone(DatagramTransport transport, DatagramFamily family)
            throws Exception {
        Random random = new Random(family.name().hashCode());
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel receiver = fixture.bind(
                    inbox,
                    bootstrap -> bootstrap
                            .option(transport.options.maxDatagramPayloadSize(), 32)
                            .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(32 * BATCH)));
            DatagramChannel sender = fixture.bind(new DatagramInbox());
            for (int round = 0; round < 20; round++) {
                List<Traits> sent = new ArrayList<>();
                List<ChannelFuture> futures = new ArrayList<>();
                for (int i = 0; i < BATCH; i++) {
                    Traits traits = random.nextInt(3) == 0 ? Traits.EMPTY : TraitSets.random(random, family);
                    sent.add(traits);
                    futures.add(sender.write(packet("n" + i, fixture.to(receiver), traits)));
                }
                sender.flush();
                for (ChannelFuture future : futures) {
                    future.sync();
                }
                for (int i = 0; i < BATCH; i++) {
                    assertNext("n" + i, sent.get(i));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.OURS)
    void connectedChannelsCarryTraitsBothWays(DatagramTransport transport, DatagramFamily family) throws Exception {
        Traits there = Traits.EMPTY.withInt(4, 12345);
        Traits back = Traits.EMPTY.withInt(9, 9);
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramInbox atServer = new DatagramInbox();
            DatagramChannel server = fixture.bind(atServer);
            DatagramChannel client = fixture.connect(inbox, fixture.to(server));
            client.writeAndFlush(packet("there", client.remoteAddress(), there)).sync();
            TraitsDatagramPacket came = (TraitsDatagramPacket) atServer.next();
            assertEquals(there, came.traits());
            server.writeAndFlush(packet("back", came.sender(), back)).sync();
            came.release();
            assertNext("back", back);
        }
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.OURS)
    void traitsThatDoNotFitFailTheirWriteAlone(DatagramTransport transport, DatagramFamily family) throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel receiver = fixture.bind(inbox);
            Traits large = TraitSets.largestTlv(Ipv6TraitOption.MAX_TLV_LENGTH + 18);
            TraitsDatagramPacket refused = packet("refused", fixture.to(receiver), large);
            ChannelFuture written = receiver.writeAndFlush(refused).await();
            TraitsException cause = assertInstanceOf(TraitsException.class, written.cause());
            assertEquals(DatagramTraits.carrier(), cause.carrier());
            assertTrue(cause.key() >= 0);
            assertEquals(0, refused.refCnt());
            receiver.writeAndFlush(packet("good", fixture.to(receiver), Traits.EMPTY))
                    .sync();
            assertNext("good", Traits.EMPTY);
        }
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.OURS)
    void channelThatDoesNotAskReadsNone(DatagramTransport transport, DatagramFamily family) throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel receiver = fixture.bind(
                    inbox, bootstrap -> bootstrap.option(TraitsDatagramChannelOption.SO_RCV_PKT_TRAITS, false));
            Traits traits = Traits.EMPTY.withInt(9, 9);
            receiver.writeAndFlush(packet("off", fixture.to(receiver), traits)).sync();
            assertNext("off", Traits.EMPTY);
            receiver.config().setOption(TraitsDatagramChannelOption.SO_RCV_PKT_TRAITS, true);
            receiver.writeAndFlush(packet("on", fixture.to(receiver), traits)).sync();
            assertNext("on", traits);
        }
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.OURS)
    void whatIsCutOffIsCountedAndGivesNoTraitsAndWhatFitsIsWhole(DatagramTransport transport, DatagramFamily family)
            throws Exception {
        // Foreign control messages that no control buffer was computed for.
        IntegerUnixChannelOption packetInfo = family == DatagramFamily.IPV6
                ? new IntegerUnixChannelOption("IPV6_RECVPKTINFO", SocketOption.SOL_IPV6, 49)
                : new IntegerUnixChannelOption("IP_PKTINFO", SocketOption.SOL_IP, 8);
        IntegerUnixChannelOption timeInfo = new IntegerUnixChannelOption("SO_TIMESTAMPNS", SocketOption.SOL_SOCKET, 35);
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel receiver = fixture.bind(
                    inbox, bootstrap -> bootstrap.option(packetInfo, 1).option(timeInfo, 1));
            Traits traits =
                    Traits.EMPTY.with(5, new byte[8]).with(6, new byte[8]).with(7, new byte[8]);
            long before = TraitsCounter.TRUNCATED.get();
            receiver.writeAndFlush(packet("cut", fixture.to(receiver), traits)).sync();
            TraitsDatagramPacket came = (TraitsDatagramPacket) inbox.next();
            boolean cut = TraitsCounter.TRUNCATED.get() == before + 1;
            // Where there may be IPv6 or the kernel's carrier, there is more room than these messages fill.
            assertEquals(family == DatagramFamily.IPV4 && DatagramTraits.carrier() == CarrierType.IP_OPTION, cut);
            assertEquals(cut ? Traits.EMPTY : traits, came.traits());
            came.release();
        }
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.OURS)
    void trainHasTheTraitsItWasSentWith(DatagramTransport transport, DatagramFamily family) throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel receiver = fixture.bind(
                    inbox,
                    bootstrap -> bootstrap
                            .option(transport.options.udpGro(), true)
                            .option(transport.options.recvOrigDstAddr(), family != DatagramFamily.IPV6));
            Traits first = Traits.EMPTY.withInt(9, 9);
            Traits second = Traits.EMPTY.withInt(8, 8);
            receiver.write(packet("aaaa", fixture.to(receiver), first));
            receiver.write(packet("bbbb", fixture.to(receiver), second));
            receiver.writeAndFlush(packet("cccc", fixture.to(receiver), Traits.EMPTY))
                    .sync();
            assertNext("aaaa", first);
            assertNext("bbbb", second);
            assertNext("cccc", Traits.EMPTY);
        }
    }

    @Test
    void copiesKeepTraitsAndAddresses() {
        Traits traits = Traits.EMPTY.withInt(9, 9);
        InetSocketAddress to = new InetSocketAddress(12);
        InetSocketAddress from = new InetSocketAddress(34);
        ByteBuf content = DatagramFixture.text("content");
        TraitsDatagramPacket packet = new TraitsDatagramPacket(content, to, from, traits);
        TraitsDatagramPacket copy = packet.copy();
        for (TraitsDatagramPacket other : List.of(
                copy, packet.duplicate(), packet.retainedDuplicate(), packet.replace(content), packet.retain())) {
            assertSame(traits, other.traits());
            assertSame(to, other.recipient());
            assertSame(from, other.sender());
            assertEquals("content", other.content().toString(StandardCharsets.US_ASCII));
        }
        assertNotSame(content, copy.content());
        copy.release();
        packet.touch("hint").release(3);
        assertEquals(0, content.refCnt());
    }

    /** Stock Netty 4.2 takes a sent message for the cancelled one, and sends another twice. */
    @ParameterizedTest
    @MethodSource(DatagramTransport.OURS)
    void cancelledWriteIsNotSentAndTheOthersAreOnce(DatagramTransport transport, DatagramFamily family)
            throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel receiver = fixture.bind(inbox);
            DatagramChannel sender = fixture.bind(new DatagramInbox());
            InetSocketAddress to = fixture.to(receiver);
            sender.eventLoop()
                    .submit(() -> {
                        ChannelPromise cancelled = sender.newPromise();
                        sender.write(new DatagramPacket(DatagramFixture.text("a"), to));
                        sender.write(new DatagramPacket(DatagramFixture.text("cancelled"), to), cancelled);
                        sender.write(new DatagramPacket(DatagramFixture.text("b"), to));
                        sender.write(new DatagramPacket(DatagramFixture.text("c"), to));
                        cancelled.cancel(false);
                        sender.flush();
                    })
                    .sync();
            sender.writeAndFlush(new DatagramPacket(DatagramFixture.text("end"), to))
                    .sync();
            for (String text : List.of("a", "b", "c", "end")) {
                assertEquals(text, inbox.nextText());
            }
        }
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.OURS)
    void emptyBufferBehindACancelledWriteIsSentOnce(DatagramTransport transport, DatagramFamily family)
            throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel receiver = fixture.bind(inbox);
            DatagramChannel sender = fixture.connect(new DatagramInbox(), fixture.to(receiver));
            sender.eventLoop()
                    .submit(() -> {
                        ChannelPromise cancelled = sender.newPromise();
                        sender.write(DatagramFixture.text("cancelled"), cancelled);
                        sender.write(Unpooled.EMPTY_BUFFER);
                        cancelled.cancel(false);
                        sender.flush();
                    })
                    .sync();
            sender.writeAndFlush(DatagramFixture.text("end")).sync();
            assertEquals("", inbox.nextText());
            assertEquals("end", inbox.nextText());
        }
    }
}
