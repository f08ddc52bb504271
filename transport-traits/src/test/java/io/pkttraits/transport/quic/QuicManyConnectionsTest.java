// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.quic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.socket.DatagramChannel;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.util.concurrent.Future;
import io.pkttraits.Traits;
import io.pkttraits.transport.datagram.DatagramFamily;
import io.pkttraits.transport.datagram.DatagramTransport;
import io.pkttraits.transport.datagram.OnOurTransports;
import java.lang.management.ManagementFactory;
import java.util.BitSet;
import java.util.Scanner;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.management.ObjectName;
import org.junit.jupiter.api.Tag;

/**
 * Connections that come and go on sockets that stay: {@code -Dio.pkttraits.test.quicConnections} of them on
 * each transport, by real handshakes.
 */
@Tag("netty-4.2")
@Tag("slow")
final class QuicManyConnectionsTest {
    private static final int CONNECTIONS = Integer.getInteger("io.pkttraits.test.quicConnections", 2_500);
    private static final int IN_FLIGHT = 32;

    @OnOurTransports
    void nothingIsLeftOfConnectionsThatAreClosed(DatagramTransport transport) throws Exception {
        try (QuicFixture fixture = new QuicFixture(transport, DatagramFamily.IPV4)) {
            BitSet seen = new BitSet();
            BlockingQueue<String> wrong = new LinkedBlockingQueue<>();
            Semaphore closedAtServer = new Semaphore(0);
            DatagramChannel server = fixture.server(codec -> codec.handler(new QuicInitializer(channel -> {
                Traits opening = QuicTraits.opening(channel);
                QuicFixture.setOutgoing(channel, QuicFixture.answering(opening));
                int number = opening.getInt(4, -1);
                if (number < 0 || seen.get(number)) {
                    wrong.add("server: " + opening);
                } else {
                    seen.set(number);
                }
                channel.closeFuture().addListener(closed -> {
                    if (!QuicTraits.latest(channel).equals(opening)) {
                        wrong.add("server: " + opening + " had in the end " + QuicTraits.latest(channel));
                    }
                    closedAtServer.release();
                });
            })));
            DatagramChannel socket = fixture.clientSocket();
            Semaphore room = new Semaphore(IN_FLIGHT);
            for (int i = 0; i < CONNECTIONS; i++) {
                assertTrue(room.tryAcquire(20, TimeUnit.SECONDS));
                Traits traits = Traits.EMPTY.withInt(4, i);
                QuicFixture.connecting(socket, server, traits, bootstrap -> {})
                        .addListener((Future<QuicChannel> connected) -> {
                            QuicChannel channel = connected.getNow();
                            if (!QuicTraits.latest(channel).equals(QuicFixture.answering(traits))) {
                                wrong.add("client: " + traits + " saw " + QuicTraits.latest(channel));
                            }
                            channel.close().addListener(closed -> room.release());
                        });
            }
            assertTrue(room.tryAcquire(IN_FLIGHT, 20, TimeUnit.SECONDS));
            assertTrue(closedAtServer.tryAcquire(CONNECTIONS, 60, TimeUnit.SECONDS));
            assertEquals(null, wrong.poll());
            server.eventLoop()
                    .submit(() -> assertEquals(CONNECTIONS, seen.cardinality()))
                    .sync();
            String live = liveObjects();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (count(live, QuicConnectionTraits.class) > 0 && System.nanoTime() < end) {
                System.runFinalization(); // which Netty's connections wait for
                live = liveObjects();
            }
            for (Class<?> type : new Class<?>[] {
                QuicConnectionTraits.class,
                QuicConnectionAllocator.class,
                QuicSegmentAllocator.class,
                QuicPacketBuffer.class
            }) {
                assertEquals(0, count(live, type), type::getName);
            }
            int addresses = count(live, RecipientWithTraits.class);
            assertTrue(addresses > 0 && addresses <= 2 * RecipientCache.SIZE, () -> addresses + " addresses");
        }
    }

    private static String liveObjects() throws Exception {
        return (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
    }

    private static int count(String histogram, Class<?> type) {
        return histogram
                .lines()
                .map(Scanner::new)
                .filter(line -> line.hasNext() && line.next().endsWith(":")) // 1: 23 456 name
                .mapToInt(line -> {
                    int instances = line.nextInt();
                    line.nextLong();
                    return line.next().equals(type.getName()) ? instances : 0;
                })
                .sum();
    }
}
