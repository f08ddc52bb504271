// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.quic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipelineException;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicChannelOption;
import io.netty.handler.codec.quic.SegmentedDatagramPacketAllocator;
import io.pkttraits.Traits;
import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.PacketTraits;
import io.pkttraits.transport.TraitSets;
import io.pkttraits.transport.TraitsCounter;
import io.pkttraits.transport.TraitsException;
import io.pkttraits.transport.datagram.DatagramFamily;
import io.pkttraits.transport.datagram.DatagramTransport;
import io.pkttraits.transport.datagram.OnOurTransports;
import io.pkttraits.transport.internal.carrier.Ipv4TraitOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of connections where a handler is missing, late or gone, and of traits that cannot be sent. */
@Tag("netty-4.2")
final class QuicSetupTest {
    private static final Traits TRAITS = Traits.EMPTY.withInt(4, 1);

    private static String answer(Traits opening, Traits latest, Traits atClient) {
        return QuicReport.seen(opening, opening, latest) + " [" + atClient + "]";
    }

    @OnOurTransports
    void withoutHandlerOnTheConnectionThereAreNoTraitsAndThatIsCountedOnce(DatagramTransport transport)
            throws Exception {
        long before = TraitsCounter.QUIC_UNASSOCIATED.get();
        try (QuicFixture fixture = new QuicFixture(transport, DatagramFamily.IPV4)) {
            DatagramChannel server = fixture.server(codec -> codec.handler(accept(fixture)));
            QuicChannel connection = QuicFixture.connect(fixture.clientSocket(), server, TRAITS);
            assertEquals(answer(Traits.EMPTY, Traits.EMPTY, Traits.EMPTY), QuicReport.request(connection));
            QuicChannel atServer = fixture.nextAccepted();
            assertEquals(Traits.EMPTY, PacketTraits.of(atServer));
            assertEquals(Traits.EMPTY, PacketTraits.of(atServer));
            assertEquals(before + 1, TraitsCounter.QUIC_UNASSOCIATED.get());
            assertEquals(Traits.EMPTY, QuicTraits.outgoing(atServer));
            assertThrows(IllegalArgumentException.class, () -> QuicTraits.setOutgoing(atServer, TRAITS));
        }
    }

    private static ChannelHandler accept(QuicFixture fixture) {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public boolean isSharable() {
                return true;
            }

            @Override
            public void handlerAdded(ChannelHandlerContext ctx) {
                fixture.accepted.add((QuicChannel) ctx.channel());
            }
        };
    }

    @OnOurTransports
    void handlerThatComesLateDoesNotTakeALaterDatagramForTheOpeningOne(DatagramTransport transport) throws Exception {
        long before = TraitsCounter.QUIC_UNASSOCIATED.get();
        try (QuicFixture fixture = new QuicFixture(transport, DatagramFamily.IPV4)) {
            DatagramChannel server = fixture.server(codec -> codec.handler(accept(fixture)));
            QuicChannel connection = QuicFixture.connect(fixture.clientSocket(), server, TRAITS);
            QuicChannel atServer = fixture.nextAccepted();
            atServer.eventLoop()
                    .submit(() -> atServer.pipeline().addFirst(new QuicConnectionTraitsHandler()))
                    .sync();
            assertEquals(before + 1, TraitsCounter.QUIC_UNASSOCIATED.get());
            assertEquals(answer(Traits.EMPTY, TRAITS, Traits.EMPTY), QuicReport.request(connection));
        }
    }

    @OnOurTransports
    void withoutHandlerOnTheSocketTheConnectionIsServedAndCounted(DatagramTransport transport) throws Exception {
        long before = TraitsCounter.QUIC_UNASSOCIATED.get();
        try (QuicFixture fixture = new QuicFixture(transport, DatagramFamily.IPV4)) {
            DatagramChannel server = fixture.bind(QuicFixture.serverCodec()
                    .handler(new QuicInitializer(fixture.accepted::add))
                    .build());
            QuicChannel connection = QuicFixture.connect(fixture.clientSocket(), server, TRAITS);
            assertEquals(answer(Traits.EMPTY, Traits.EMPTY, Traits.EMPTY), QuicReport.request(connection));
            assertEquals(before + 1, TraitsCounter.QUIC_UNASSOCIATED.get());
            QuicChannel atServer = fixture.nextAccepted();
            TraitsException refused =
                    assertThrows(TraitsException.class, () -> QuicTraits.setOutgoing(atServer, TRAITS));
            assertTrue(refused.getMessage().contains("no QuicTraitsHandler before the QUIC codec"));
        }
    }

    @OnOurTransports
    void stockDatagramChannelIsCountedServesAndRefusesToSend(DatagramTransport transport) throws Exception {
        long before = TraitsCounter.DATAGRAM_CHANNEL_UNSUPPORTED.get();
        try (QuicFixture fixture = new QuicFixture(transport, DatagramFamily.IPV4)) {
            DatagramChannel server = fixture.bind(
                    DatagramTransport.valueOf("STOCK_" + transport),
                    new QuicTraitsHandler(),
                    QuicFixture.serverCodec()
                            .handler(new QuicInitializer(fixture.accepted::add))
                            .build());
            QuicChannel connection = QuicFixture.connect(fixture.clientSocket(), server, TRAITS);
            assertEquals(answer(Traits.EMPTY, Traits.EMPTY, Traits.EMPTY), QuicReport.request(connection));
            QuicChannel atServer = fixture.nextAccepted();
            TraitsException refused =
                    assertThrows(TraitsException.class, () -> QuicTraits.setOutgoing(atServer, TRAITS));
            assertTrue(refused.getMessage().contains("DatagramChannel sends no traits"), refused::getMessage);
            assertEquals(before + 1, TraitsCounter.DATAGRAM_CHANNEL_UNSUPPORTED.get());
        }
    }

    @OnOurTransports
    void traitsThatDoNotFitAreRefusedAndThoseBeforeStay(DatagramTransport transport) throws Exception {
        try (QuicFixture fixture = new QuicFixture(transport, DatagramFamily.IPV4)) {
            DatagramChannel server = fixture.server();
            QuicChannel connection = QuicFixture.connect(fixture.clientSocket(), server, TRAITS);
            Traits large = TraitSets.largestTlv(Ipv4TraitOption.MAX_TLV_LENGTH + 18);
            TraitsException refused =
                    assertThrows(TraitsException.class, () -> QuicTraits.setOutgoing(connection, large));
            assertEquals(CarrierType.IP_OPTION, refused.carrier());
            assertEquals(TRAITS, QuicTraits.outgoing(connection));
            assertEquals(answer(TRAITS, TRAITS, QuicFixture.answering(TRAITS)), QuicReport.request(connection));
        }
    }

    @OnOurTransports
    void outgoingTraitsCanBeChangedAndEnded(DatagramTransport transport) throws Exception {
        try (QuicFixture fixture = new QuicFixture(transport, DatagramFamily.IPV4)) {
            DatagramChannel server = fixture.server();
            QuicChannel connection = QuicFixture.connect(fixture.clientSocket(), server, Traits.EMPTY);
            QuicChannel atServer = fixture.nextAccepted();
            for (Traits traits : new Traits[] {TRAITS, Traits.EMPTY, TRAITS.withFlag(7)}) {
                QuicTraits.setOutgoing(connection, traits);
                QuicTraits.setOutgoing(atServer, traits);
                assertEquals(traits, QuicTraits.outgoing(connection));
                assertEquals(answer(Traits.EMPTY, traits, traits), QuicReport.request(connection));
            }
        }
    }

    @OnOurTransports
    void traitsThatTheApplicationHasPutOnTheConnectionStay(DatagramTransport transport) throws Exception {
        Traits learned = Traits.EMPTY.withInt(4, 1234);
        try (QuicFixture fixture = new QuicFixture(transport, DatagramFamily.IPV4)) {
            DatagramChannel server = fixture.server(codec -> codec.attr(PacketTraits.TRAITS, learned)
                    .handler(new ChannelInitializer<QuicChannel>() {
                        @Override
                        protected void initChannel(QuicChannel channel) {
                            channel.pipeline().addLast(new QuicConnectionTraitsHandler(), accept(fixture));
                        }
                    }));
            QuicFixture.connect(fixture.clientSocket(), server, TRAITS);
            QuicChannel atServer = fixture.nextAccepted();
            assertEquals(learned, PacketTraits.of(atServer));
            atServer.eventLoop()
                    .submit(() -> atServer.pipeline().remove(QuicConnectionTraitsHandler.class))
                    .sync();
            assertEquals(learned, PacketTraits.of(atServer));
        }
    }

    @OnOurTransports
    void removedHandlerLeavesTheConnectionAsItWas(DatagramTransport transport) throws Exception {
        try (QuicFixture fixture = new QuicFixture(transport, DatagramFamily.IPV4)) {
            DatagramChannel server = fixture.server();
            QuicChannel connection = QuicFixture.connect(fixture.clientSocket(), server, TRAITS);
            assertInstanceOf(QuicConnectionAllocator.class, connection.alloc());
            connection
                    .eventLoop()
                    .submit(() -> connection.pipeline().remove(QuicConnectionTraitsHandler.class))
                    .sync();
            assertSame(ByteBufAllocator.DEFAULT, connection.alloc());
            assertSame(
                    SegmentedDatagramPacketAllocator.NONE,
                    connection.config().getOption(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR));
            assertEquals(Traits.EMPTY, QuicTraits.latest(connection));
            assertEquals(answer(TRAITS, Traits.EMPTY, Traits.EMPTY), QuicReport.request(connection));
        }
    }

    @Test
    void handlerOfAConnectionSaysWhereItBelongs() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline().addLast(new QuicConnectionTraitsHandler());
        ChannelPipelineException refused = assertThrows(ChannelPipelineException.class, channel::checkException);
        assertTrue(refused.getCause().getMessage().contains("belongs on a QuicChannel"));
    }
}
