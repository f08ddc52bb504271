// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.socket.DatagramChannel;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.util.concurrent.Promise;
import io.pkttraits.codec.Traits;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Traits by QUIC connection, on real sockets. */
@Tag("netty-4.2")
final class QuicTraitsTest {
    private static final int CONNECTIONS = 64;
    private static final int REQUESTS = 10_000;
    private static final int IN_FLIGHT = 256;

    private static Traits traits(int number) {
        return Traits.EMPTY.withInt(4, number).withLong(9, ~number);
    }

    /** What a request must be answered by, and the client's side see, if nothing was mixed up. */
    private static String expected(Traits traits) {
        return QuicReport.seen(traits, traits, traits) + " " + QuicFixture.answering(traits);
    }

    @ParameterizedTest
    @EnumSource
    void eachOfManyConnectionsOverOneSocketHasItsOwnTraits(DatagramFamily family) throws Exception {
        try (QuicFixture fixture = new QuicFixture(family)) {
            DatagramChannel server = fixture.server();
            DatagramChannel socket = fixture.clientSocket();
            List<QuicChannel> connections = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                connections.add(QuicFixture.connect(socket, server, traits(i)));
            }
            Random random = new Random(family.name().hashCode());
            Semaphore room = new Semaphore(IN_FLIGHT);
            Queue<String> wrong = new ConcurrentLinkedQueue<>();
            for (int n = 0; n < REQUESTS; n++) {
                int i = random.nextInt(CONNECTIONS);
                assertTrue(room.tryAcquire(20, TimeUnit.SECONDS));
                Promise<String> promise = socket.eventLoop().newPromise();
                promise.addListener(future -> {
                    room.release();
                    String answer = future.isSuccess() ? promise.getNow() : "failed: " + future.cause();
                    if (!answer.equals(expected(traits(i)))) {
                        wrong.add(i + ": " + answer);
                    }
                });
                QuicReport.request(connections.get(i), promise);
            }
            assertTrue(room.tryAcquire(IN_FLIGHT, 20, TimeUnit.SECONDS));
            assertEquals(List.of(), List.copyOf(wrong));
        }
    }
}
