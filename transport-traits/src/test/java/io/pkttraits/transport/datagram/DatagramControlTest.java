// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.unix.Socket;
import io.netty.util.NetUtil;
import io.pkttraits.Traits;
import io.pkttraits.codec.TraitTlvCodec;
import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.PeerNetworks;
import io.pkttraits.transport.TraitsCounter;
import io.pkttraits.transport.TraitsException;
import io.pkttraits.transport.internal.carrier.DatagramCarrier;
import io.pkttraits.transport.internal.carrier.IpOptionDatagramCarrier;
import io.pkttraits.transport.internal.carrier.Ipv4TraitOption;
import io.pkttraits.transport.internal.carrier.Ipv6TraitOption;
import io.pkttraits.transport.internal.sys.CmsgHdr;
import io.pkttraits.transport.internal.sys.MessageBatch;
import io.pkttraits.transport.internal.sys.SockaddrIn6;
import io.pkttraits.transport.internal.sys.SocketOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Control messages that are cut off, broken, somebody else's or left from before, through channels on real sockets. */
@Tag("netty-4.2")
final class DatagramControlTest {
    private static final Traits FLAG_9 = Traits.EMPTY.withFlag(9);
    private static final int PAYLOAD_SIZE = 32;
    private static final int BATCH = 64;

    private final DatagramInbox inbox = new DatagramInbox();
    private final IpOptionDatagramCarrier ipOption = new IpOptionDatagramCarrier(PeerNetworks.loopbackAnd(""));

    @AfterEach
    void everythingWasLookedAt() {
        assertTrue(inbox.packets.isEmpty());
        assertTrue(inbox.failures.isEmpty(), inbox.failures::toString);
    }

    private void assertNext(String text, Traits traits) throws Exception {
        TraitsDatagramPacket packet = (TraitsDatagramPacket) inbox.next();
        assertEquals(text, packet.content().toString(StandardCharsets.US_ASCII));
        assertEquals(traits, packet.traits());
        packet.release();
    }

    /** The carrier ip-option, but for what a subclass does otherwise. */
    private abstract class Altered implements DatagramCarrier {
        @Override
        public CarrierType type() {
            return ipOption.type();
        }

        @Override
        public void setReceive(Socket socket, boolean ipv6, boolean on) throws IOException {
            ipOption.setReceive(socket, ipv6, on);
        }

        @Override
        public int receiveControlLength(boolean ipv6) {
            return ipOption.receiveControlLength(ipv6);
        }

        @Override
        public int sendControlLength() {
            return ipOption.sendControlLength();
        }

        @Override
        public Traits read(MessageBatch batch, int message, CmsgHdr.Iterator cmsgs, Object subject) {
            return ipOption.read(batch, message, cmsgs, subject);
        }

        @Override
        public void requireSendable(Traits traits, boolean ipv4) throws TraitsException {
            ipOption.requireSendable(traits, ipv4);
        }

        @Override
        public void write(Traits traits, boolean ipv4, CmsgHdr.Encoder cmsgs) {
            ipOption.write(traits, ipv4, cmsgs);
        }
    }

    /** Gives the kernel less room than the options take. */
    private final class Narrow extends Altered {
        @Override
        public int receiveControlLength(boolean ipv6) {
            return CmsgHdr.space(8);
        }
    }

    /** Sends whatever stands in the value of key 63 as the IP options of the datagram. */
    private final class AnyOptions extends Altered {
        @Override
        public int sendControlLength() {
            return 1024;
        }

        @Override
        public void write(Traits traits, boolean ipv4, CmsgHdr.Encoder cmsgs) {
            ByteBuf data = ipv4
                    ? cmsgs.add(SocketOption.SOL_IP, IpOptionDatagramCarrier.IP_RETOPTS)
                    : cmsgs.add(SocketOption.SOL_IPV6, IpOptionDatagramCarrier.IPV6_DSTOPTS);
            data.writeBytes(traits.getBytes(63));
            cmsgs.finish();
        }
    }

    /** Leaves traits and the address of somebody else in the memory of each datagram, for those that come later. */
    private final class Poisoned extends Altered {
        private final boolean ipv4;
        final Traits stale = Traits.EMPTY.withInt(62, 0x5a5a5a5a);
        int poisoned;

        Poisoned(boolean ipv4) {
            this.ipv4 = ipv4;
        }

        @Override
        public Traits read(MessageBatch batch, int message, CmsgHdr.Iterator cmsgs, Object subject) {
            Traits traits = ipOption.read(batch, message, cmsgs, subject);
            poisonControl(batch, message);
            for (int i = 0; i < message; i++) {
                SockaddrIn6.set(batch.memory(), batch.nameAt(i), NetUtil.LOCALHOST6.getAddress(), 0, 1);
            }
            poisoned++;
            return traits;
        }

        private void poisonControl(MessageBatch batch, int message) {
            CmsgHdr.Encoder cmsgs =
                    new CmsgHdr.Encoder().begin(batch.memory(), batch.controlAt(message), batch.controlCapacity());
            int tlvLength = TraitTlvCodec.encodedLength(stale);
            if (ipv4) {
                Ipv4TraitOption.encode(
                        stale, tlvLength, cmsgs.add(SocketOption.SOL_IP, IpOptionDatagramCarrier.IP_RECVOPTS));
            } else {
                Ipv6TraitOption.encode(
                        stale, tlvLength, cmsgs.add(SocketOption.SOL_IPV6, IpOptionDatagramCarrier.IPV6_DSTOPTS));
            }
            cmsgs.finish();
        }
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.OURS)
    void whatIsCutOffIsDeliveredWithoutTraitsAndCounted(DatagramTransport transport, DatagramFamily family)
            throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel receiver = fixture.bind(new Narrow(), inbox, bootstrap -> {});
            DatagramChannel sender = fixture.bind(new DatagramInbox());
            InetSocketAddress to = fixture.to(receiver);
            long before = TraitsCounter.TRUNCATED.get();
            Traits large = Traits.EMPTY.with(5, new byte[16]).with(6, new byte[16]);
            sender.write(new TraitsDatagramPacket(DatagramFixture.text("fits"), to, FLAG_9));
            sender.write(new TraitsDatagramPacket(DatagramFixture.text("cut"), to, large));
            sender.writeAndFlush(new TraitsDatagramPacket(DatagramFixture.text("fits again"), to, FLAG_9))
                    .sync();
            assertNext("fits", FLAG_9);
            assertNext("cut", Traits.EMPTY);
            assertNext("fits again", FLAG_9);
            assertEquals(before + 1, TraitsCounter.TRUNCATED.get());
        }
    }

    /** No cause: what is no option of our type is nobody's concern. */
    @ParameterizedTest
    @CsvSource({
        "IPV4, 9e06545209010000, MALFORMED",
        "IPV4, 9e06545249000000, MALFORMED",
        "IPV4, 9e06abcd09000000, FOREIGN",
        "IPV4, 9404000000000000, ",
        "DUAL_STACK, 9e06545209010000, MALFORMED",
        "DUAL_STACK, 9e06abcd09000000, FOREIGN",
        "IPV6, 00001e0454520903, MALFORMED",
        "IPV6, 00001e0454524900, MALFORMED",
        "IPV6, 00001e04abcd0900, FOREIGN",
        "IPV6, 0000010400000000, ",
    })
    void brokenAndForeignOptionsAreDeliveredAsNoneAndCounted(DatagramFamily family, String hex, TraitsCounter cause)
            throws Exception {
        for (DatagramTransport transport : DatagramTransport.values()) {
            if (transport.hasTraits()) {
                assertOptionsGiveNone(transport, family, ByteBufUtil.decodeHexDump(hex), cause);
            }
        }
    }

    private void assertOptionsGiveNone(
            DatagramTransport transport, DatagramFamily family, byte[] options, TraitsCounter cause) throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel receiver = fixture.bind(inbox);
            DatagramChannel sender = fixture.bind(new AnyOptions(), new DatagramInbox(), bootstrap -> {});
            InetSocketAddress to = fixture.to(receiver);
            Map<TraitsCounter, Long> before = new HashMap<>();
            for (TraitsCounter counter : TraitsCounter.values()) {
                before.put(counter, counter.get());
            }
            Traits raw = Traits.EMPTY.with(63, options);
            sender.writeAndFlush(new TraitsDatagramPacket(DatagramFixture.text("odd"), to, raw))
                    .sync();
            assertNext("odd", Traits.EMPTY);
            for (TraitsCounter counter : List.of(
                    TraitsCounter.MALFORMED,
                    TraitsCounter.FOREIGN,
                    TraitsCounter.UNTRUSTED,
                    TraitsCounter.TRUNCATED,
                    TraitsCounter.DATAGRAM_READ)) {
                assertEquals(before.get(counter) + (counter == cause ? 1 : 0), counter.get(), counter::name);
            }
        }
    }

    /**
     * The memory is full of valid traits of somebody else when the kernel writes into it. A reader that goes by anything
     * but what the latest call says that it wrote shows them.
     */
    @ParameterizedTest
    @MethodSource(DatagramTransport.OURS)
    void noTraitsOfAnEarlierDatagramAreEverSeen(DatagramTransport transport, DatagramFamily family) throws Exception {
        Random random = new Random(family.name().hashCode());
        Poisoned carrier = new Poisoned(family != DatagramFamily.IPV6);
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel receiver = fixture.bind(
                    carrier,
                    inbox,
                    bootstrap -> bootstrap
                            .option(transport.options.maxDatagramPayloadSize(), PAYLOAD_SIZE)
                            .option(
                                    ChannelOption.RECVBUF_ALLOCATOR,
                                    new FixedRecvByteBufAllocator(PAYLOAD_SIZE * BATCH)));
            DatagramChannel sender = fixture.bind(new DatagramInbox());
            InetSocketAddress from = fixture.to(sender);
            for (int round = 0; round < 30; round++) {
                List<Traits> sent = new ArrayList<>();
                List<ChannelFuture> written = new ArrayList<>();
                for (int i = 0; i < BATCH; i++) {
                    // The first round poisons the memory of all.
                    Traits traits = round > 0 && random.nextBoolean()
                            ? Traits.EMPTY
                            : Traits.EMPTY.withInt(1 + i % 60, random.nextInt());
                    sent.add(traits);
                    written.add(sender.write(
                            new TraitsDatagramPacket(DatagramFixture.text("n" + i), fixture.to(receiver), traits)));
                }
                sender.flush();
                for (ChannelFuture future : written) {
                    future.sync();
                }
                for (int i = 0; i < BATCH; i++) {
                    TraitsDatagramPacket packet = (TraitsDatagramPacket) inbox.next();
                    assertEquals("n" + i, packet.content().toString(StandardCharsets.US_ASCII));
                    assertEquals(sent.get(i), packet.traits());
                    assertEquals(from, packet.sender());
                    packet.release();
                }
            }
            assertTrue(carrier.poisoned > BATCH);
        }
    }

    /** IPv4 and IPv6 senders of one dual-stack channel, in turns, each with traits as its packets can carry, or none. */
    @ParameterizedTest
    @EnumSource
    void bothFamiliesAreKeptApartOnADualStackChannel(DatagramTransport transport) throws Exception {
        if (!transport.hasTraits()) {
            return;
        }
        Random random = new Random(42);
        try (DatagramFixture dual = new DatagramFixture(transport, DatagramFamily.DUAL_STACK);
                DatagramFixture ipv4 = new DatagramFixture(transport, DatagramFamily.IPV4);
                DatagramFixture ipv6 = new DatagramFixture(transport, DatagramFamily.IPV6)) {
            DatagramChannel receiver = dual.bind(
                    inbox,
                    bootstrap -> bootstrap
                            .option(transport.options.maxDatagramPayloadSize(), PAYLOAD_SIZE)
                            .option(
                                    ChannelOption.RECVBUF_ALLOCATOR,
                                    new FixedRecvByteBufAllocator(PAYLOAD_SIZE * BATCH)));
            int port = receiver.localAddress().getPort();
            DatagramFixture[] fixtures = {ipv4, ipv6, dual};
            DatagramChannel[] senders = {
                ipv4.bind(new DatagramInbox()), ipv6.bind(new DatagramInbox()), dual.bind(new DatagramInbox())
            };
            for (int i = 0; i < 600; i++) {
                int from = random.nextInt(3);
                InetSocketAddress to = new InetSocketAddress(fixtures[from].family.loopback(), port);
                int size = fixtures[from].family == DatagramFamily.IPV6 ? 8 : 2;
                Traits traits = Traits.EMPTY;
                for (int key = random.nextInt(size + 1); key > 0; key--) {
                    traits = traits.withLong(key, random.nextLong());
                }
                senders[from]
                        .writeAndFlush(new TraitsDatagramPacket(DatagramFixture.text("n" + i), to, traits))
                        .sync();
                TraitsDatagramPacket packet = (TraitsDatagramPacket) inbox.next();
                assertEquals("n" + i, packet.content().toString(StandardCharsets.US_ASCII));
                assertEquals(traits, packet.traits());
                assertEquals(
                        new InetSocketAddress(
                                fixtures[from].family.loopback(),
                                senders[from].localAddress().getPort()),
                        packet.sender());
                packet.release();
            }
        }
    }
}
