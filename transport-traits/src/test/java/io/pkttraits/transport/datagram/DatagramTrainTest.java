// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.DatagramChannel;
import io.pkttraits.Traits;
import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.TestNetwork;
import io.pkttraits.transport.TraitsCounter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Traits of trains of datagrams: cut by the kernel on their way out (GSO), merged by it on their way in (GRO). */
@Tag("netty-4.2")
@Tag("slow")
final class DatagramTrainTest {
    private static final Traits EIGHT = Traits.EMPTY.withInt(8, 8);
    private static final Traits NINE = Traits.EMPTY.withInt(9, 9);

    private final DatagramInbox inbox = new DatagramInbox();

    private static TraitsSegmentedDatagramPacket train(String text, InetSocketAddress to, Traits traits) {
        return new TraitsSegmentedDatagramPacket(DatagramFixture.text(text), 4, to, traits);
    }

    private void assertNext(Traits traits, String... texts) throws Exception {
        for (String text : texts) {
            TraitsDatagramPacket packet = (TraitsDatagramPacket) inbox.next();
            assertEquals(text, packet.content().toString(StandardCharsets.US_ASCII));
            assertEquals(traits, packet.traits());
            packet.release();
        }
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.OURS)
    @Tag("test-kernel")
    void everySegmentHasTheTraitsOfItsTrain(DatagramTransport transport, DatagramFamily family) throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel receiver = fixture.bind(inbox);
            DatagramChannel sender = fixture.connect(new DatagramInbox(), fixture.to(receiver));
            long before = TraitsCounter.DATAGRAM_SENT.get();
            sender.writeAndFlush(train("aaaabbbbcc", fixture.to(receiver), NINE))
                    .sync();
            assertNext(NINE, "aaaa", "bbbb", "cc");
            assertEquals(before + 3, TraitsCounter.DATAGRAM_SENT.get());
            ByteBuf heap = Unpooled.copiedBuffer("heap", StandardCharsets.US_ASCII);
            sender.writeAndFlush(new TraitsSegmentedDatagramPacket(heap, 2, fixture.to(receiver), EIGHT))
                    .sync();
            assertNext(EIGHT, "he", "ap");
            sender.writeAndFlush(train("one", fixture.to(receiver), EIGHT)).sync();
            assertNext(EIGHT, "one");
        }
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.OURS)
    @Tag("test-kernel")
    void trainsAreNotMergedWithOthers(DatagramTransport transport, DatagramFamily family) throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel receiver = fixture.bind(
                    inbox,
                    bootstrap -> bootstrap
                            .option(transport.options.udpGro(), true)
                            .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(4096)));
            DatagramChannel sender = fixture.bind(new DatagramInbox());
            InetSocketAddress to = fixture.to(receiver);
            long before = TraitsCounter.GRO_KEEP_FIRST.get();
            List<ChannelFuture> written = new ArrayList<>();
            for (int round = 0; round < 20; round++) {
                written.add(sender.write(train("aaaabbbb", to, NINE)));
                written.add(sender.write(train("ccccdddd", to, EIGHT)));
                written.add(sender.write(new TraitsDatagramPacket(DatagramFixture.text("eeee"), to, NINE)));
                written.add(sender.write(train("ffffgggg", to, Traits.EMPTY)));
            }
            sender.flush();
            for (ChannelFuture future : written) {
                future.sync();
            }
            for (int round = 0; round < 20; round++) {
                assertNext(NINE, "aaaa", "bbbb");
                assertNext(EIGHT, "cccc", "dddd");
                assertNext(NINE, "eeee");
                assertNext(Traits.EMPTY, "ffff", "gggg");
            }
            // Linux cuts a train again that has IPv6 extension headers, before it gets to a socket of the same host.
            boolean cut = family == DatagramFamily.IPV6 && DatagramTraits.carrier() == CarrierType.IP_OPTION;
            int trainsOfARound = cut ? 1 : 3;
            assertEquals(before + 20L * trainsOfARound, TraitsCounter.GRO_KEEP_FIRST.get());
        }
    }

    /** By the network's own GRO, over a veth between two hosts. Linux merges no IPv4 packets that have options. */
    @ParameterizedTest
    @MethodSource(DatagramTransport.OURS)
    void networkMergesOnlyDatagramsOfTheSameTraits(DatagramTransport transport, DatagramFamily family)
            throws Exception {
        boolean ipv6 = family == DatagramFamily.IPV6;
        try (TestNetwork network = new TestNetwork()) {
            network.mergeDatagramsAtTheServer();
            List<String> lines = new TwoHosts(network, transport, "::/0")
                    .send(
                            ipv6 ? TestNetwork.SERVER_IPV6 : TestNetwork.SERVER_IPV4,
                            "aaaabbbbcccc@9/4",
                            "ddddeeeeffff@8/4",
                            "gggg@8",
                            "hhhh@9");
            List<String> packets = lines.subList(1, lines.indexOf("end{}") + 1);
            assertEquals(
                    List.of(
                            "aaaa{9}",
                            "bbbb{9}", "cccc{9}", "dddd{8}", "eeee{8}", "ffff{8}", "gggg{8}", "hhhh{9}", "end{}"),
                    packets);
            long kept = lines.stream()
                    .filter(line -> line.startsWith("GRO_KEEP_FIRST="))
                    .mapToLong(line -> Long.parseLong(line.substring(line.indexOf('=') + 1)))
                    .findFirst()
                    .orElseThrow();
            assertTrue(ipv6 ? kept > 0 : kept == 0, lines::toString);
        }
    }

    /** What fits without the option and not with it is refused as a whole. */
    @ParameterizedTest
    @MethodSource(DatagramTransport.OURS)
    void segmentBeyondTheMtuFailsItsTrain(DatagramTransport transport, DatagramFamily family) throws Exception {
        boolean ipv6 = family == DatagramFamily.IPV6;
        int fits = 1500 - 8 - (ipv6 ? 40 : 20);
        String text = "x".repeat(fits + 10);
        try (TestNetwork network = new TestNetwork()) {
            List<String> lines = new TwoHosts(network, transport, "::/0")
                    .send(
                            ipv6 ? TestNetwork.SERVER_IPV6 : TestNetwork.SERVER_IPV4,
                            text + "@9/" + fits,
                            text + "@9/" + (fits - 8));
            String failed = lines.get(lines.size() - 1);
            assertTrue(failed.contains("TraitsException: cannot send a datagram with 1 trait,"), failed);
            assertEquals("x".repeat(fits - 8) + "{9}", lines.get(1));
            assertEquals("x".repeat(18) + "{9}", lines.get(2));
            assertEquals("end{}", lines.get(3));
        }
    }

    @Test
    void copiesKeepTraitsAddressesAndSegmentSize() {
        InetSocketAddress to = new InetSocketAddress(12);
        InetSocketAddress from = new InetSocketAddress(34);
        ByteBuf content = DatagramFixture.text("content");
        TraitsSegmentedDatagramPacket train = new TraitsSegmentedDatagramPacket(content, 3, to, from, NINE);
        TraitsSegmentedDatagramPacket copy = train.copy();
        for (TraitsSegmentedDatagramPacket other :
                List.of(copy, train.duplicate(), train.retainedDuplicate(), train.replace(content), train.retain(1))) {
            assertSame(NINE, other.traits());
            assertSame(to, other.recipient());
            assertSame(from, other.sender());
            assertEquals(3, other.segmentSize());
            assertEquals("content", other.content().toString(StandardCharsets.US_ASCII));
        }
        copy.release();
        train.touch("hint").release(3);
        assertEquals(0, content.refCnt());
    }
}
