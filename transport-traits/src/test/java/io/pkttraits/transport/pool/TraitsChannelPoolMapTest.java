// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.pool.ChannelPool;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import io.pkttraits.Traits;
import io.pkttraits.transport.ConnectTraitsHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class TraitsChannelPoolMapTest {
    @Test
    void connectionServesItsOwnSetAgainAndNoOther() throws Exception {
        try (PoolFixture pool = new PoolFixture(PoolFixture.limits(8, 8))) {
            Channel first = pool.use(1);
            Channel other = pool.use(2);
            assertNotSame(first, other);
            assertSame(first, pool.acquire(1));
            assertSame(other, pool.acquire(2));
            assertNotSame(first, pool.acquire(1));
        }
    }

    @Test
    void keyIsAddressAndTraits() throws Exception {
        Traits traits = Traits.builder().putInt(4, 1).build();
        UpstreamKey key = new UpstreamKey(new LocalAddress("a"), traits);
        assertEquals(
                key,
                new UpstreamKey(
                        new LocalAddress("a"), Traits.builder().putInt(4, 1).build()));
        assertFalse(key.equals(new UpstreamKey(new LocalAddress("b"), traits)));
        assertFalse(key.equals(new UpstreamKey(new LocalAddress("a"), Traits.EMPTY)));
        assertFalse(key.equals(new UpstreamKey(new LocalAddress("a"), traits, "client")));
    }

    @Test
    void tenThousandSetsNeitherMixNorExceedTheBound() throws Exception {
        int maxTotal = 16;
        int threads = 4;
        Map<Channel, UpstreamKey> openedFor = new ConcurrentHashMap<>();
        Duration minute = Duration.ofMinutes(1);
        try (PoolFixture pool = new PoolFixture(PoolFixture.limits(maxTotal, 2, threads, minute, minute))) {
            ExecutorService users = Executors.newFixedThreadPool(threads);
            List<java.util.concurrent.Future<Void>> done = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int seed = t;
                done.add(users.submit(() -> {
                    Random random = new Random(seed);
                    for (int i = seed; i < 10_000; i += threads) {
                        UpstreamKey key = pool.key(random.nextBoolean() ? i : i - i % 16);
                        Channel channel = pool.map.acquire(key).sync().getNow();
                        UpstreamKey before = openedFor.putIfAbsent(channel, key);
                        assertTrue(before == null || before.equals(key), () -> before + " served " + key);
                        assertTrue(pool.map.connections() <= maxTotal);
                        pool.release(channel);
                    }
                    return null;
                }));
            }
            for (java.util.concurrent.Future<Void> user : done) {
                user.get();
            }
            users.shutdown();
            assertTrue(openedFor.size() > 1000, () -> "only " + openedFor.size());
            assertTrue(openedFor.size() < 10_000, () -> "no connection was used again");
        }
    }

    @Test
    void longestUnusedConnectionMakesRoom() throws Exception {
        try (PoolFixture pool = new PoolFixture(PoolFixture.limits(2, 2))) {
            Channel one = pool.use(1);
            Channel two = pool.use(2);
            pool.use(1);
            pool.use(3);
            assertTrue(pool.map.contains(pool.key(1)));
            assertFalse(pool.map.contains(pool.key(2)));
            two.closeFuture().sync();
            assertSame(one, pool.acquire(1));
        }
    }

    @Test
    void unusedConnectionsExpireAndEmptyPoolsGo() throws Exception {
        TraitsPoolLimits limits = PoolFixture.limits(8, 8, 1, Duration.ofMinutes(1), Duration.ofMillis(50));
        try (PoolFixture pool = new PoolFixture(limits)) {
            Channel used = pool.acquire(1);
            for (int i = 2; i < 6; i++) {
                pool.use(i);
            }
            PoolFixture.await(() -> pool.map.size() == 1 && pool.map.connections() == 1);
            assertTrue(used.isActive());
            pool.release(used);
            used.closeFuture().sync();
            PoolFixture.await(() -> pool.map.size() == 0);
        }
    }

    @Test
    void connectionThatThePeerClosedIsForgottenAtOnce() throws Exception {
        try (PoolFixture pool = new PoolFixture(PoolFixture.limits(8, 8))) {
            for (int i = 0; i < 100; i++) {
                Channel channel = pool.use(1);
                pool.accepted.take().close().sync();
                channel.closeFuture().sync();
                PoolFixture.await(() -> pool.map.size() == 0);
                assertEquals(0, pool.map.connections());
            }
        }
    }

    @Test
    void connectionClosedInUseGivesItsPlaceBack() throws Exception {
        try (PoolFixture pool = new PoolFixture(PoolFixture.limits(1, 1))) {
            for (int i = 0; i < 10; i++) {
                Channel channel = pool.acquire(i);
                channel.close().sync();
                pool.release(channel);
                assertEquals(0, pool.map.size());
            }
        }
    }

    @Test
    void failedConnectsLeaveNothingBehind() throws Exception {
        try (PoolFixture pool = new PoolFixture(PoolFixture.limits(1, 1))) {
            for (int i = 0; i < 10; i++) {
                UpstreamKey nobody = new UpstreamKey(new LocalAddress("nobody-" + i), Traits.EMPTY);
                assertInstanceOf(
                        java.net.ConnectException.class,
                        pool.map.acquire(nobody).await().cause());
                assertEquals(0, pool.map.size());
            }
            PoolFixture.await(() -> pool.map.connections() == 0);
        }
    }

    @Test
    void closeIdleSparesConnectionsInUse() throws Exception {
        try (PoolFixture pool = new PoolFixture(PoolFixture.limits(4, 4))) {
            Channel used = pool.acquire(1);
            Channel idle = pool.use(1);
            Channel other = pool.use(2);
            pool.map.closeIdle(pool.key(1));
            idle.closeFuture().sync();
            assertTrue(used.isActive() && other.isActive());
            assertNotSame(idle, pool.acquire(1));
        }
    }

    @Test
    void releaseTwiceOrOfAnotherChannelFails() throws Exception {
        try (PoolFixture pool = new PoolFixture(PoolFixture.limits(2, 2))) {
            Channel channel = pool.use(1);
            Throwable twice = pool.map.release(channel).await().cause();
            assertInstanceOf(IllegalArgumentException.class, twice);
            Throwable foreign = pool.map.release(pool.accepted.take()).await().cause();
            assertInstanceOf(IllegalArgumentException.class, foreign);
            assertSame(channel, pool.acquire(1));
        }
    }

    @Test
    void idleIsWhatTheNextAcquireGetsAtOnce() throws Exception {
        try (PoolFixture pool = new PoolFixture(PoolFixture.limits(2, 2))) {
            assertFalse(pool.map.hasIdle(pool.key(1)));
            Channel channel = pool.acquire(1);
            assertFalse(pool.map.hasIdle(pool.key(1)));
            pool.release(channel);
            assertTrue(pool.map.hasIdle(pool.key(1)));
            assertFalse(pool.map.hasIdle(pool.key(2)));
            channel.close().sync();
            PoolFixture.await(() -> !pool.map.hasIdle(pool.key(1)));
        }
    }

    @Test
    void closeClosesEverythingAndFailsWhoWaits() throws Exception {
        try (PoolFixture pool = new PoolFixture(PoolFixture.limits(2, 1))) {
            Channel used = pool.acquire(1);
            Channel idle = pool.use(2);
            Future<Channel> waiting = pool.map.acquire(pool.key(1));
            pool.map.closeAsync().sync();
            assertFalse(used.isOpen() || idle.isOpen());
            assertTrue(waiting.await().cause() != null);
            assertEquals(0, pool.map.connections());
            assertEquals(0, pool.map.size());
            Throwable after = pool.map.acquire(pool.key(1)).await().cause();
            assertInstanceOf(IllegalStateException.class, after);
            assertInstanceOf(
                    IllegalStateException.class, pool.map.release(used).await().cause());
        }
    }

    @ParameterizedTest
    @CsvSource({"2, 1", "3, 1", "4, 1", "5, 1", "2, 20", "3, 20", "4, 20", "5, 20"})
    void connectionsAreSpreadOverAllEventLoops(int loops, int keys) throws Exception {
        try (PoolFixture pool = new PoolFixture(PoolFixture.limits(60, 60), loops)) {
            Set<EventLoop> used = new HashSet<>();
            for (int i = 0; i < 60; i++) {
                Promise<Channel> promise = ImmediateEventExecutor.INSTANCE.newPromise();
                used.add(pool.map
                        .acquire(pool.key(i % keys), promise)
                        .sync()
                        .getNow()
                        .eventLoop());
            }
            assertEquals(loops, used.size());
        }
    }

    @Test
    void boundsMayBeAsLargeAsTheirTypes() throws Exception {
        Duration year = TraitsPoolLimits.MAX_TIMEOUT;
        int max = Integer.MAX_VALUE;
        try (PoolFixture pool = new PoolFixture(PoolFixture.limits(max, max, max, year, year))) {
            pool.use(1);
            assertEquals(1, pool.map.connections());
        }
    }

    @Test
    void channelOfAnotherMapIsNotReleasedAndStaysUsable() throws Exception {
        try (PoolFixture mine = new PoolFixture(PoolFixture.limits(1, 1));
                PoolFixture other = new PoolFixture(PoolFixture.limits(1, 1))) {
            Channel channel = mine.acquire(1);
            assertInstanceOf(
                    IllegalArgumentException.class,
                    other.map.release(channel).await().cause());
            mine.release(channel);
            assertNotNull(mine.acquire(2));
        }
    }

    @Test
    void viewOutlivesThePoolBehindIt() throws Exception {
        try (PoolFixture pool = new PoolFixture(PoolFixture.limits(1, 1))) {
            ChannelPool view = pool.map.get(pool.key(1));
            assertFalse(pool.map.contains(pool.key(1)));
            Channel first = view.acquire().sync().getNow();
            view.release(first).sync();
            pool.use(2);
            first.closeFuture().sync();
            Channel second = view.acquire().sync().getNow();
            view.release(second).sync();
            view.close();
            second.closeFuture().sync();
        }
    }

    @Test
    void groupOfOneLoopKeepsConnectionsOnIt() throws Exception {
        try (PoolFixture pool = new PoolFixture(PoolFixture.limits(1, 1))) {
            EventLoop loop = pool.group.next();
            TraitsChannelPoolMap map = PoolFixture.newMap(loop, PoolFixture.limits(4, 4));
            for (int i = 0; i < 4; i++) {
                assertSame(loop, map.acquire(pool.key(i)).sync().getNow().eventLoop());
            }
            map.closeAsync().sync();
        }
    }

    @Test
    void acquireCompletesOnTheCallersEventLoopEvenWithAChannelOfAnother() throws Exception {
        try (PoolFixture pool = new PoolFixture(PoolFixture.limits(8, 1), 3)) {
            Channel first = pool.acquire(1);
            List<EventExecutor> others = new ArrayList<>();
            pool.group.forEach(others::add);
            others.remove(first.eventLoop());
            pool.release(first);
            for (EventExecutor caller : others) {
                // Once with the idle connection of another event loop, once with a new one, once with one that is
                // waited for.
                assertEquals(caller, completesOn(pool, caller, 1));
                assertEquals(caller, completesOn(pool, caller, 2));
                Channel used = pool.acquire(2);
                CompletableFuture<EventExecutor> waiting = startAcquire(pool, caller, 2);
                PoolFixture.await(() -> pool.map.waiting() == 1);
                pool.release(used);
                assertEquals(caller, waiting.get(20, TimeUnit.SECONDS));
            }
        }
    }

    private static EventExecutor completesOn(PoolFixture pool, EventExecutor caller, int key) throws Exception {
        return startAcquire(pool, caller, key).get(20, TimeUnit.SECONDS);
    }

    /** Acquires and releases on an event loop; the result is the one that the acquire completed on. */
    private static CompletableFuture<EventExecutor> startAcquire(PoolFixture pool, EventExecutor caller, int key) {
        CompletableFuture<EventExecutor> completed = new CompletableFuture<>();
        caller.execute(() -> pool.map.acquire(pool.key(key)).addListener((Future<Channel> acquired) -> {
            EventExecutor here = null;
            for (EventExecutor loop : pool.group) {
                here = loop.inEventLoop() ? loop : here;
            }
            EventExecutor completedOn = here;
            pool.map.release(acquired.getNow()).addListener(released -> completed.complete(completedOn));
        }));
        return completed;
    }

    @Test
    void acquireFromOutsideTheGroupCompletesOnAnEventLoopOfTheGroup() throws Exception {
        try (PoolFixture pool = new PoolFixture(PoolFixture.limits(1, 1), 2)) {
            CompletableFuture<Boolean> inGroup = new CompletableFuture<>();
            pool.map.acquire(pool.key(1)).addListener(acquired -> {
                boolean in = false;
                for (EventExecutor loop : pool.group) {
                    in |= loop.inEventLoop();
                }
                inGroup.complete(in);
            });
            assertTrue(inGroup.get(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void upstreamTraitsComeFirstAndOnlyWhereThereAreTraits() throws Exception {
        try (PoolFixture pool = new PoolFixture(PoolFixture.limits(2, 2))) {
            Channel with = pool.acquire(1);
            assertInstanceOf(ConnectTraitsHandler.class, with.pipeline().first());
            Channel without = pool.map
                    .acquire(new UpstreamKey(pool.address, Traits.EMPTY))
                    .sync()
                    .getNow();
            assertNull(without.pipeline().get(ConnectTraitsHandler.class));
        }
    }
}
