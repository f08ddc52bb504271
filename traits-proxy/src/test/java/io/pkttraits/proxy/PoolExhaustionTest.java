// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.Traits;
import io.pkttraits.TraitsBuilder;
import io.pkttraits.proxy.config.UpstreamProtocol;
import io.pkttraits.proxy.net.IoTransport;
import io.pkttraits.transport.PacketTraits;
import io.pkttraits.transport.pool.TraitsPoolStats;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An attack on the pools through the whole proxy: one client whose requests have ever new sets, beside one that always has the same. */
@Timeout(240)
@Tag("slow")
class PoolExhaustionTest {
    /** For each transport, so twice as many for each version of HTTP. */
    private static final int SETS = Integer.getInteger("io.pkttraits.test.proxiedSets", 5_000);

    private static final int IN_FLIGHT = 32;
    private static final int BOUND = 8;
    /** The number of the set of the client that attacks nobody. */
    private static final int STEADY = SETS;

    static Stream<Arguments> ways() {
        return EachTransport.Source.transports()
                .flatMap(transport ->
                        Stream.of(UpstreamProtocol.values()).map(protocol -> Arguments.of(transport, protocol)));
    }

    @BeforeAll
    static void carrier() {
        PacketTraits.ensureAvailability();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void everNewSetsNeitherMixNorExceedTheBoundNorLoseARequest(IoTransport transport, UpstreamProtocol protocol)
            throws Exception {
        try (SetsUpstream upstream = new SetsUpstream(protocol, PoolExhaustionTest::set, SETS + 1, BOUND);
                TestProxy proxy = start(transport, upstream);
                HttpWire steady = proxy.connectFrom("127.0.0.2")) {
            Attack attack = new Attack(proxy, upstream);
            int served = 0;
            int mostConnections = 0;
            while (attack.goesOn()) {
                String answer = upstream.ask(steady, STEADY);
                assertTrue(SetsUpstream.isAnswer(answer, STEADY), answer);
                served++;
                TraitsPoolStats stats = proxy.stats();
                mostConnections = Math.max(mostConnections, stats.idle() + stats.leased());
            }
            assertEquals(List.of(), attack.wrong());
            assertEquals(List.of(), upstream.wrong());
            for (int number = 0; number < SETS; number++) {
                assertEquals(1, upstream.requests(number), "times that the upstream saw request " + number);
            }
            assertTrue(served > 0, "nobody but the attacker was served");
            assertEquals(served, upstream.requests(STEADY));
            assertTrue(mostConnections <= BOUND, "connections at a time: " + mostConnections);
            assertTrue(upstream.connections() >= SETS, "sets shared a connection");
            Await.until(() -> proxy.stats().leased() == 0);
            TraitsPoolStats left = proxy.stats();
            assertEquals(left.idle(), left.pools());
            assertEquals(0, left.waiting());
            Await.until(() -> upstream.open() == left.idle());
            proxy.shutDown(Duration.ofMillis(1));
            Await.until(() -> proxy.stats().pools() == 0 && upstream.open() == 0);
        }
    }

    private static TestProxy start(IoTransport transport, SetsUpstream upstream) throws Exception {
        TestProxy.Builder builder = upstream.proxy(transport);
        builder.maxTotalConnections = BOUND;
        // No more than are in flight, so that one place that were lost would be missed.
        builder.maxPending = IN_FLIGHT + 1;
        builder.maxPendingPerClient = IN_FLIGHT;
        builder.connectTimeout = Duration.ofSeconds(20);
        return builder.start();
    }

    /** Distinct for each number, and small: a SYN has little room. */
    private static Traits set(int number) {
        TraitsBuilder set = Traits.builder().putInt(number % 60, number);
        return number % 3 == 0 ? set.putFlag(61).build() : set.build();
    }

    /** As many connections as requests are in flight, on each of which one begins when the one before is answered. */
    private static final class Attack {
        private final TestProxy proxy;
        private final SetsUpstream upstream;
        private final AtomicInteger next = new AtomicInteger();
        private final List<String> wrong = new CopyOnWriteArrayList<>();
        private final List<Thread> attackers = new ArrayList<>();

        Attack(TestProxy proxy, SetsUpstream upstream) {
            this.proxy = proxy;
            this.upstream = upstream;
            for (int i = 0; i < IN_FLIGHT; i++) {
                Thread attacker = new Thread(this::run, "attacker-" + i);
                attackers.add(attacker);
                attacker.start();
            }
        }

        boolean goesOn() {
            return attackers.stream().anyMatch(Thread::isAlive);
        }

        List<String> wrong() {
            return wrong;
        }

        private void run() {
            try (HttpWire wire = proxy.connect()) {
                for (int number = next.getAndIncrement(); number < SETS; number = next.getAndIncrement()) {
                    String answer = upstream.ask(wire, number);
                    if (!SetsUpstream.isAnswer(answer, number)) {
                        wrong.add("request " + number + ": " + answer);
                    }
                }
            } catch (IOException e) {
                wrong.add(e.toString());
            }
        }
    }
}
