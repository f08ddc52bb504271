// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.quic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.quic.InsecureQuicTokenHandler;
import io.netty.handler.codec.quic.QuicChannel;
import io.pkttraits.Traits;
import io.pkttraits.transport.PacketTraits;
import io.pkttraits.transport.datagram.DatagramFamily;
import io.pkttraits.transport.datagram.DatagramFixture;
import io.pkttraits.transport.datagram.DatagramInbox;
import io.pkttraits.transport.datagram.DatagramTap;
import io.pkttraits.transport.datagram.DatagramTransport;
import io.pkttraits.transport.datagram.OnOurTransports;
import io.pkttraits.transport.datagram.TraitsDatagramPacket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;

/** Packets of a QUIC socket that are no connection's, in and out. */
@Tag("netty-4.2")
final class QuicWithoutConnectionTest {
    private static final Traits TRAITS = Traits.EMPTY.withInt(4, 1);
    private static final Traits OTHERS = Traits.EMPTY.withInt(4, 2);

    private final DatagramTap tap = new DatagramTap();

    @OnOurTransports
    void versionNegotiationHasNoTraitsAndIsNobodys(DatagramTransport transport) throws Exception {
        try (QuicFixture fixture = new QuicFixture(transport, DatagramFamily.IPV4)) {
            DatagramChannel server = fixture.server(codec -> {}, tap);
            QuicChannel connection = QuicFixture.connect(fixture.clientSocket(), server, TRAITS);
            QuicReport.request(connection);
            QuicChannel atServer = fixture.nextAccepted();
            DatagramInbox inbox = new DatagramInbox();
            DatagramChannel stranger = fixture.bind(inbox);
            stranger.writeAndFlush(new TraitsDatagramPacket(ofUnknownVersion(), server.localAddress(), OTHERS))
                    .sync();
            TraitsDatagramPacket answer = (TraitsDatagramPacket) inbox.next();
            assertEquals(Traits.EMPTY, answer.traits());
            assertTrue(DatagramTap.Seen.of(answer, null).isVersionNegotiation());
            answer.release();
            assertEquals(TRAITS, QuicTraits.latest(atServer));
            assertTrue(fixture.accepted.isEmpty());
        }
    }

    /** An Initial, padded as one must be (RFC 9000, 14.1), of a version kept free to force negotiation (15). */
    private static ByteBuf ofUnknownVersion() {
        ByteBuf packet = Unpooled.directBuffer().writeByte(0xc0).writeInt(0x1a2a3a4a);
        packet.writeByte(8).writeLong(1).writeByte(8).writeLong(2);
        return packet.writeZero(1200 - packet.readableBytes());
    }

    @OnOurTransports
    void retryHasNoTraitsAndTheDatagramWithTheTokenOpens(DatagramTransport transport) throws Exception {
        CompletableFuture<QuicChannel> connecting = new CompletableFuture<>();
        try (QuicFixture fixture = new QuicFixture(transport, DatagramFamily.IPV4)) {
            DatagramChannel server =
                    fixture.server(codec -> codec.tokenHandler(InsecureQuicTokenHandler.INSTANCE), tap);
            DatagramTap atClient = new DatagramTap(seen -> {
                if (seen.isRetry()) {
                    QuicFixture.setOutgoing(connecting.join(), OTHERS);
                }
            });
            DatagramChannel socket = fixture.bind(
                    atClient, new QuicTraitsHandler(), QuicFixture.clientCodec().build());
            QuicFixture.connecting(
                            socket,
                            server,
                            TRAITS,
                            bootstrap -> bootstrap.handler(new QuicInitializer(channel -> {
                                QuicFixture.setOutgoing(channel, TRAITS);
                                connecting.complete(channel);
                            })))
                    .sync();
            DatagramTap.Seen retry = atClient.read.element();
            assertTrue(retry.isRetry());
            assertEquals(Traits.EMPTY, retry.traits());
            assertEquals(Traits.EMPTY, tap.written.element().traits());
            assertEquals(TRAITS, tap.read.element().traits());
            QuicChannel atServer = fixture.nextAccepted();
            assertEquals(OTHERS, QuicTraits.opening(atServer));
            assertEquals(OTHERS, PacketTraits.of(atServer));
            assertEquals(
                    QuicReport.seen(OTHERS, OTHERS, OTHERS) + " [" + QuicFixture.answering(OTHERS) + "]",
                    QuicReport.request(connecting.join()));
        }
    }

    /** Stateless resets look like packets to an id that nobody has (RFC 9000, 10.3). */
    @OnOurTransports
    void datagramsThatAreNobodysChangeNothing(DatagramTransport transport) throws Exception {
        QuicNoise noise = new QuicNoise(new Random(42));
        QuicNoise noiseAtClient = new QuicNoise(new Random(43));
        DatagramTap tapAtClient = new DatagramTap();
        try (QuicFixture fixture = new QuicFixture(transport, DatagramFamily.IPV4)) {
            DatagramChannel server = fixture.server(codec -> {}, tap);
            server.pipeline().addFirst(noise);
            DatagramChannel socket = fixture.bind(
                    noiseAtClient,
                    tapAtClient,
                    new QuicTraitsHandler(),
                    QuicFixture.clientCodec().build());
            List<QuicChannel> connections = new ArrayList<>();
            List<QuicChannel> atServer = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                connections.add(QuicFixture.connect(socket, server, ofConnection(i)));
                atServer.add(fixture.nextAccepted());
                QuicReport.request(connections.get(i));
            }
            server.pipeline().remove(noise);
            socket.pipeline().remove(noiseAtClient);
            DatagramChannel stranger = fixture.bind(new DatagramInbox());
            for (int round = 0; round < 100; round++) {
                Traits last = OTHERS.withInt(5, round);
                for (int i = 0; i < 50; i++) {
                    stranger.write(new TraitsDatagramPacket(noise.next(), server.localAddress(), OTHERS));
                    stranger.write(new TraitsDatagramPacket(noiseAtClient.next(), socket.localAddress(), OTHERS));
                }
                stranger.write(new TraitsDatagramPacket(noise.next(), server.localAddress(), last));
                stranger.writeAndFlush(new TraitsDatagramPacket(noiseAtClient.next(), socket.localAddress(), last))
                        .sync();
                tap.awaitRead(last, server);
                tapAtClient.awaitRead(last, socket);
                for (int i = 0; i < connections.size(); i++) {
                    assertEquals(ofConnection(i), QuicTraits.latest(atServer.get(i)));
                    assertEquals(QuicFixture.answering(ofConnection(i)), QuicTraits.latest(connections.get(i)));
                }
            }
            assertTrue(fixture.accepted.isEmpty());
            Traits replayed = OTHERS.withInt(6, 1);
            stranger.writeAndFlush(new TraitsDatagramPacket(noise.genuine(), server.localAddress(), replayed))
                    .sync();
            tap.awaitRead(replayed, server);
            assertEquals(
                    1,
                    atServer.stream()
                            .filter(connection -> QuicTraits.latest(connection).equals(replayed))
                            .count());
        }
    }

    private static Traits ofConnection(int number) {
        return Traits.EMPTY.withInt(7, number);
    }

    @OnOurTransports
    void datagramsOfOthersPassTheHandlerAsTheyAre(DatagramTransport transport) throws Exception {
        try (QuicFixture fixture = new QuicFixture(transport, DatagramFamily.IPV4)) {
            DatagramChannel server = fixture.server();
            DatagramInbox inbox = new DatagramInbox();
            DatagramChannel receiver = fixture.bind(inbox);
            server.write(new DatagramPacket(DatagramFixture.text("plain"), receiver.localAddress()));
            server.writeAndFlush(
                    new TraitsDatagramPacket(DatagramFixture.text("traits"), receiver.localAddress(), TRAITS));
            for (Traits traits : List.of(Traits.EMPTY, TRAITS)) {
                TraitsDatagramPacket packet = (TraitsDatagramPacket) inbox.next();
                assertNotNull(packet.content());
                assertEquals(traits, packet.traits());
                packet.release();
            }
        }
    }
}
