// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.quic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DatagramChannel;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.util.concurrent.Promise;
import io.pkttraits.Traits;
import io.pkttraits.transport.datagram.DatagramFamily;
import io.pkttraits.transport.datagram.DatagramInbox;
import io.pkttraits.transport.datagram.DatagramTap;
import io.pkttraits.transport.datagram.DatagramTransport;
import io.pkttraits.transport.datagram.OnOurTransports;
import io.pkttraits.transport.datagram.TraitsDatagramPacket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Traits by QUIC connection, on real sockets. */
@Tag("netty-4.2")
@Tag("test-kernel")
final class QuicTraitsTest {
    private static final int CONNECTIONS = 64;
    private static final int REQUESTS = Integer.getInteger("io.pkttraits.test.quicRequests", 10_000);
    /** So many that all their datagrams have room in a socket at once: docs/quic.md says what a lost one may do. */
    private static final int SMALL_IN_FLIGHT = 128;

    private static final int LARGE_IN_FLIGHT = 3;

    private static Traits traits(int number) {
        return Traits.EMPTY.withInt(4, number).withLong(9, ~number);
    }

    /** What a request must be answered by, and the client's side see, if nothing was mixed up. */
    private static String expected(Traits opening, Traits latest) {
        return QuicReport.seen(opening, opening, latest) + " [" + QuicFixture.answering(opening) + "]";
    }

    private static String expected(Traits traits) {
        return expected(traits, traits);
    }

    /** Requests on connections that are numbered by their traits, many at a time, in random order. */
    private static void requestAtRandom(
            List<QuicChannel> connections, int requests, int padding, int inFlight, long seed) throws Exception {
        Random random = new Random(seed);
        Semaphore room = new Semaphore(inFlight);
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        for (int n = 0; n < requests; n++) {
            int i = random.nextInt(connections.size());
            assertTrue(room.tryAcquire(20, TimeUnit.SECONDS));
            Promise<String> promise = connections.get(i).eventLoop().newPromise();
            promise.addListener(future -> {
                String answer = future.isSuccess() ? promise.getNow() : "failed: " + future.cause();
                if (!answer.equals(expected(traits(i)))) {
                    wrong.add(i + ": " + answer);
                }
                room.release();
            });
            QuicReport.request(connections.get(i), padding, promise);
        }
        assertTrue(room.tryAcquire(inFlight, 20, TimeUnit.SECONDS));
        assertEquals(List.of(), List.copyOf(wrong));
    }

    private static List<QuicChannel> connections(int count, DatagramChannel socket, DatagramChannel server)
            throws InterruptedException {
        List<QuicChannel> connections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            connections.add(QuicFixture.connect(socket, server, traits(i)));
        }
        return connections;
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.OURS)
    void eachOfManyConnectionsOverOneSocketHasItsOwnTraits(DatagramTransport transport, DatagramFamily family)
            throws Exception {
        try (QuicFixture fixture = new QuicFixture(transport, family)) {
            DatagramChannel server = fixture.server();
            List<QuicChannel> connections = connections(CONNECTIONS, fixture.clientSocket(), server);
            int requests = family == DatagramFamily.IPV4 ? REQUESTS : REQUESTS / 5;
            requestAtRandom(
                    connections, requests, 0, SMALL_IN_FLIGHT, family.name().hashCode());
        }
    }

    /** The codec sends for other connections in the midst of one's sending then. */
    @OnOurTransports
    void connectionsAreApartWhereTheSocketsWritabilityChangesWithEveryPacket(DatagramTransport transport)
            throws Exception {
        try (QuicFixture fixture = new QuicFixture(transport, DatagramFamily.IPV4)) {
            DatagramTap tap = new DatagramTap();
            DatagramChannel server = fixture.server(codec -> {}, tap);
            server.config().setWriteBufferWaterMark(new WriteBufferWaterMark(500, 1000));
            DatagramChannel socket = fixture.clientSocket();
            socket.config().setWriteBufferWaterMark(new WriteBufferWaterMark(500, 1000));
            requestAtRandom(connections(16, socket, server), Math.min(100, REQUESTS / 20), 60_000, LARGE_IN_FLIGHT, 7);
            for (DatagramTap.Seen written : tap.written) {
                assertTrue(written.traits().contains(63), written::toString);
            }
        }
    }

    @OnOurTransports
    void connectionsOfOneAddressAreApartAndAnOldOnesTraitsAreNotANewOnes(DatagramTransport transport) throws Exception {
        try (QuicFixture fixture = new QuicFixture(transport, DatagramFamily.IPV4)) {
            DatagramChannel server = fixture.server();
            DatagramChannel socket = fixture.clientSocket();
            QuicChannel first = QuicFixture.connect(socket, server, traits(1));
            QuicChannel second = QuicFixture.connect(socket, server, Traits.EMPTY);
            assertEquals(expected(traits(1)), QuicReport.request(first));
            assertEquals(expected(Traits.EMPTY), QuicReport.request(second));
            QuicChannel atServer = fixture.nextAccepted();
            assertEquals(atServer.remoteSocketAddress(), fixture.nextAccepted().remoteSocketAddress());
            first.close().sync();
            atServer.closeFuture().sync();
            assertEquals(traits(1), QuicTraits.opening(atServer));
            assertEquals(traits(1), QuicTraits.latest(atServer));
            QuicChannel third = QuicFixture.connect(socket, server, traits(3));
            assertEquals(expected(Traits.EMPTY), QuicReport.request(second));
            assertEquals(expected(traits(3)), QuicReport.request(third));
        }
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.OURS)
    void migratedConnectionKeepsItsOpeningTraitsAndHasThoseOfItsNewPath(
            DatagramTransport transport, DatagramFamily family) throws Exception {
        try (QuicFixture fixture = new QuicFixture(transport, family)) {
            DatagramTap tap = new DatagramTap();
            DatagramChannel server = fixture.server(codec -> {}, tap);
            QuicRelay relay = new QuicRelay(fixture, server);
            QuicChannel migrating = QuicFixture.connect(fixture.clientSocket(), relay.front, traits(1));
            QuicChannel staying = QuicFixture.connect(fixture.clientSocket(), server, traits(2));
            assertEquals(expected(traits(1)), QuicReport.request(migrating));
            QuicChannel atServer = fixture.nextAccepted();
            InetSocketAddress before = relay.address();
            assertEquals(before, atServer.remoteSocketAddress());
            for (int i = 3; i < 6; i++) {
                relay.rebind(traits(i));
                assertEquals(expected(traits(1), traits(i)), QuicReport.request(migrating));
                assertEquals(relay.address(), atServer.remoteSocketAddress());
                assertEquals(traits(i), QuicTraits.latest(atServer));
                assertEquals(expected(traits(2)), QuicReport.request(staying));
            }
            for (DatagramTap.Seen written : tap.written) {
                boolean ofStaying = written.traits().equals(QuicFixture.answering(traits(2)));
                assertTrue(ofStaying || written.traits().equals(QuicFixture.answering(traits(1))), written::toString);
                assertEquals(ofStaying, written.peer().equals(staying.parent().localAddress()), written::toString);
            }
        }
    }

    @OnOurTransports
    void datagramToAnyIdOfAConnectionIsThatConnections(DatagramTransport transport) throws Exception {
        QuicIds ids = new QuicIds();
        DatagramTap tap = new DatagramTap();
        try (QuicFixture fixture = new QuicFixture(transport, DatagramFamily.IPV4)) {
            DatagramChannel server = fixture.server(codec -> codec.connectionIdAddressGenerator(ids), tap);
            DatagramChannel socket = fixture.clientSocket();
            List<List<ByteBuffer>> idsOf = new ArrayList<>();
            List<QuicChannel> atServer = new ArrayList<>();
            for (QuicChannel connection : connections(2, socket, server)) {
                QuicReport.request(connection);
                atServer.add(fixture.nextAccepted());
            }
            for (QuicChannel connection : atServer) {
                idsOf.add(ids.of(connection));
                assertTrue(idsOf.get(idsOf.size() - 1).size() > 2);
            }
            DatagramChannel stranger = fixture.bind(new DatagramInbox());
            int number = 100;
            for (int i = 0; i < 2; i++) {
                Traits others = QuicTraits.latest(atServer.get(1 - i));
                for (ByteBuffer id : idsOf.get(i)) {
                    Traits traits = traits(number++);
                    stranger.writeAndFlush(
                                    new TraitsDatagramPacket(QuicIds.shortHeader(id), server.localAddress(), traits))
                            .sync();
                    tap.awaitRead(traits, server);
                    assertEquals(traits, QuicTraits.latest(atServer.get(i)));
                    assertEquals(others, QuicTraits.latest(atServer.get(1 - i)));
                    assertEquals(traits(i), QuicTraits.opening(atServer.get(i)));
                }
            }
        }
    }
}
