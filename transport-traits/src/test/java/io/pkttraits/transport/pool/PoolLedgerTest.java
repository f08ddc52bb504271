// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.Channel;
import io.netty.channel.local.LocalAddress;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import io.pkttraits.Traits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Whatever happens in whatever order, bounds are kept, nobody is forgotten, and the longest waiting is never passed over. */
class PoolLedgerTest {
    private static final int MAX_PENDING = 12;

    /** Does what the ledger decides, by noting it. */
    private static final class World implements PoolActions {
        final List<PooledConnection> used = new ArrayList<>();
        final List<PooledConnection> closing = new ArrayList<>();
        final List<Promise<Channel>> served = new ArrayList<>();
        final Map<PooledConnection, UpstreamKey> openedFor = new HashMap<>();

        @Override
        public void open(KeyedPool pool, Promise<Channel> promise) {
            PooledConnection connection = new PooledConnection(null, pool);
            openedFor.put(connection, pool.key);
            give(connection, promise);
        }

        @Override
        public void give(PooledConnection connection, Promise<Channel> promise) {
            used.add(connection);
            served.add(promise);
        }

        @Override
        public void close(PooledConnection connection) {
            used.remove(connection);
            closing.add(connection);
        }

        @Override
        public void fail(PoolWaiter waiter, Throwable cause) {
            throw new AssertionError("nothing times out here", cause);
        }
    }

    private record Asked(UpstreamKey key, Promise<Channel> promise, PoolWaiter waiter) {}

    @Property(tries = 300)
    void anyOrderOfEventsKeepsTheBoundsAndTheOrder(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 5) int maxTotal,
            @ForAll @IntRange(min = 1, max = 4) int maxOfKey) {
        Random random = new Random(seed);
        World world = new World();
        Duration hour = Duration.ofHours(1);
        PoolLedger ledger = new PoolLedger(PoolFixture.limits(maxTotal, maxOfKey, MAX_PENDING, hour, hour), world);
        List<Asked> waiting = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            switch (random.nextInt(6)) {
                case 0, 1, 2 -> acquire(ledger, random, waiting);
                case 3 -> {
                    if (!world.used.isEmpty()) {
                        ledger.release(world.used.remove(random.nextInt(world.used.size())), i);
                    }
                }
                case 4 -> {
                    if (!world.closing.isEmpty()) {
                        ledger.gone(world.closing.remove(random.nextInt(world.closing.size())));
                    } else if (!world.used.isEmpty()) {
                        ledger.gone(world.used.remove(random.nextInt(world.used.size())));
                    }
                }
                default -> {
                    if (!waiting.isEmpty() && random.nextInt(4) == 0) {
                        ledger.giveUp(
                                waiting.remove(random.nextInt(waiting.size())).waiter());
                    }
                }
            }
            waiting.removeIf(asked -> world.served.contains(asked.promise()));
            checkBounds(ledger, world, waiting, maxTotal, maxOfKey);
        }
        drain(ledger, world, waiting);
    }

    private static void acquire(PoolLedger ledger, Random random, List<Asked> waiting) {
        UpstreamKey key = new UpstreamKey(new LocalAddress("a"), Traits.EMPTY.withInt(1, random.nextInt(6)));
        Promise<Channel> promise = ImmediateEventExecutor.INSTANCE.newPromise();
        try {
            PoolWaiter waiter = ledger.acquire(key, promise, 0);
            if (waiter != null) {
                waiting.add(new Asked(key, promise, waiter));
            }
        } catch (TraitsPoolExhaustedException e) {
            assertEquals(MAX_PENDING, waiting.size());
        }
    }

    private static void checkBounds(PoolLedger ledger, World world, List<Asked> waiting, int maxTotal, int maxOfKey) {
        assertTrue(ledger.places() <= maxTotal);
        assertEquals(waiting.size(), ledger.waiting());
        Map<UpstreamKey, Integer> ofKey = new HashMap<>();
        for (PooledConnection connection : world.openedFor.keySet()) {
            if (connection.state() != PooledConnection.State.GONE) {
                int count = ofKey.merge(connection.pool().key, 1, Integer::sum);
                assertTrue(count <= maxOfKey);
            }
        }
        assertEquals(ledger.places(), ofKey.values().stream().mapToInt(n -> n).sum());
        for (Asked asked : waiting) {
            boolean keyIsFull = ofKey.getOrDefault(asked.key(), 0) >= maxOfKey;
            assertTrue(keyIsFull || ledger.places() == maxTotal, "somebody waits beside a free place");
        }
    }

    /** Whoever waits is served when the others are done, in the order of arrival but for those whose key is full. */
    private static void drain(PoolLedger ledger, World world, List<Asked> waiting) {
        while (!waiting.isEmpty()) {
            Asked first = waiting.get(0);
            int before = world.served.size();
            if (!world.closing.isEmpty()) {
                ledger.gone(world.closing.remove(0));
            } else {
                assertFalse(world.used.isEmpty(), "somebody waits and nothing is in use");
                ledger.release(world.used.remove(0), 0);
            }
            List<Promise<Channel>> now = world.served.subList(before, world.served.size());
            for (Asked asked : waiting) {
                if (now.contains(asked.promise()) && asked.key().equals(first.key())) {
                    assertEquals(first, asked, "passed over within its key");
                }
            }
            waiting.removeIf(asked -> now.contains(asked.promise()));
        }
        assertEquals(0, ledger.waiting());
    }
}
