// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.pkttraits.Traits;
import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.ChildJvm;
import io.pkttraits.transport.TraitsCounter;
import io.pkttraits.transport.TraitsException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Asking any packet for its traits, and what becomes of packets with traits on channels without. */
@Tag("netty-4.2")
final class PacketsWithTraitsTest {
    private static final Traits TRAITS = Traits.EMPTY.withInt(4, 12345);

    private final DatagramInbox inbox = new DatagramInbox();

    private static void assertTraits(Traits expected, DatagramPacket packet) {
        assertSame(expected, DatagramTraits.of(packet));
        assertEquals(1, packet.refCnt());
        packet.release();
    }

    @Test
    void traitsOfAnyPacketAreThoseThatItHas() {
        InetSocketAddress to = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
        assertTraits(TRAITS, new TraitsDatagramPacket(DatagramFixture.text("a"), to, TRAITS));
        assertTraits(TRAITS, new TraitsSegmentedDatagramPacket(DatagramFixture.text("ab"), 1, to, TRAITS));
        assertTraits(Traits.EMPTY, new DatagramPacket(DatagramFixture.text("a"), to));
        assertTraits(Traits.EMPTY, new SegmentedDatagramPacket(DatagramFixture.text("ab"), 1, to));
    }

    @OnOurTransports
    void traitsOfAReceivedPacketAreThoseThatItCameWith(DatagramTransport transport) throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, DatagramFamily.IPV4)) {
            DatagramChannel channel = fixture.bind(inbox);
            channel.writeAndFlush(
                            new TraitsDatagramPacket(DatagramFixture.text("text"), channel.localAddress(), TRAITS))
                    .sync();
            DatagramPacket packet = inbox.next();
            assertEquals(TRAITS, DatagramTraits.of(packet));
            packet.release();
        }
    }

    @Test
    void whereTraitsCanBeSentTheyCanBeReceived() {
        assertTrue(DatagramTraits.isAvailable());
        assertTrue(DatagramTraits.isReceiveAvailable());
    }

    @Test
    void withoutCapNetRawTraitsCanStillBeReceived() {
        List<String> said = new ChildJvm()
                .withoutNetRaw()
                .run(DatagramMisuseMain.class, "availability")
                .lines()
                .toList();
        assertTrue(said.contains("available=false receive=true carrier=ip-option"), said::toString);
    }

    @ParameterizedTest
    @EnumSource
    void guardFailsWritesThatWouldLoseTheirTraits(DatagramTransport transport) throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, DatagramFamily.IPV4)) {
            DatagramChannel receiver = fixture.bind(inbox);
            DatagramChannel sender = fixture.bind(new DatagramInbox());
            sender.pipeline().addFirst(new TraitsDatagramGuardHandler());
            long refused = TraitsCounter.DATAGRAM_CHANNEL_UNSUPPORTED.get();
            ByteBuf content = DatagramFixture.text("with");
            Throwable cause = sender.writeAndFlush(new TraitsDatagramPacket(content, fixture.to(receiver), TRAITS))
                    .await()
                    .cause();
            if (transport.hasTraits()) {
                assertSame(null, cause);
                assertEquals("with", inbox.nextText());
                assertEquals(refused, TraitsCounter.DATAGRAM_CHANNEL_UNSUPPORTED.get());
            } else {
                TraitsException e = assertInstanceOf(TraitsException.class, cause);
                assertTrue(e.getMessage().contains("use an EpollTraitsDatagramChannel"), e.getMessage());
                assertEquals(0, content.refCnt());
                assertEquals(refused + 1, TraitsCounter.DATAGRAM_CHANNEL_UNSUPPORTED.get());
            }
            for (DatagramPacket plain : List.of(
                    new DatagramPacket(DatagramFixture.text("plain"), fixture.to(receiver)),
                    new TraitsDatagramPacket(DatagramFixture.text("plain"), fixture.to(receiver), Traits.EMPTY))) {
                sender.writeAndFlush(plain).sync();
                assertEquals("plain", inbox.nextText());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STOCK_EPOLL", "STOCK_IO_URING"})
    void guardIsCountedEachTimeAndLoggedOnceWithItsRemedy(DatagramTransport transport) {
        assertMisuse(
                new ChildJvm(),
                transport,
                TraitsCounter.DATAGRAM_CHANNEL_UNSUPPORTED,
                "EpollTraitsDatagramChannel or IoUringTraitsDatagramChannel");
    }

    @OnOurTransports
    void channelWithoutACarrierIsCountedEachTimeAndLoggedOnceWithItsReason(DatagramTransport transport) {
        assertMisuse(
                new ChildJvm().property("io.pkttraits.carrier", CarrierType.NONE.id()),
                transport,
                TraitsCounter.DATAGRAM_NO_CARRIER,
                "switched off by -Dio.pkttraits.carrier=none");
    }

    private static void assertMisuse(ChildJvm jvm, DatagramTransport transport, TraitsCounter counter, String remedy) {
        String output = jvm.run(DatagramMisuseMain.class, transport.name(), counter.name());
        List<String> lines = output.lines().toList();
        assertTrue(lines.containsAll(List.of("counted 1", "counted 2")), output);
        List<String> warnings =
                lines.stream().filter(line -> line.startsWith("WARNING: ")).toList();
        assertEquals(1, warnings.size(), output);
        assertTrue(warnings.get(0).contains("first " + counter + " at "), output);
        assertTrue(warnings.get(0).contains(remedy), output);
        List<String> said = lines.stream()
                .filter(line -> line.startsWith("INFO: Packet traits of datagrams: carrier "))
                .toList();
        assertEquals(1, said.size(), output);
        assertFalse(output.contains("LEAK"), output);
    }
}
