// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Acquires that wait for a connection: their order, their end, and what they leave behind. */
@Timeout(120)
class TraitsChannelPoolQueueTest {
    @Test
    void connectionInUseIsNotEvictedButWaitedFor() throws Exception {
        try (PoolFixture pool = new PoolFixture(PoolFixture.limits(2, 2))) {
            Channel one = pool.acquire(1);
            Channel two = pool.acquire(2);
            Future<Channel> waiting = pool.map.acquire(pool.key(3));
            assertEquals(1, pool.map.waiting());
            assertEquals(2, pool.map.connections());
            pool.release(one);
            assertTrue(waiting.sync().getNow().isActive());
            assertFalse(one.isOpen());
            assertTrue(two.isActive());
            assertEquals(2, pool.map.connections());
            assertEquals(1, pool.map.evictions());
        }
    }

    @Test
    void waitForAPlaceEndsAsTheOneForAConnectionDoes() throws Exception {
        TraitsPoolLimits limits = PoolFixture.limits(1, 1, 1, Duration.ofMillis(20), Duration.ofMinutes(1));
        try (PoolFixture pool = new PoolFixture(limits)) {
            pool.acquire(1);
            Throwable refused = pool.map.acquire(pool.key(2)).await().cause();
            assertInstanceOf(TraitsPoolExhaustedException.class, refused);
            assertEquals("all of 1 connections were in use for 20 ms", refused.getMessage());
            assertFalse(pool.map.contains(pool.key(2)));
        }
    }

    @Test
    void whoeverWaitsLongestIsNextWhateverTheKey() throws Exception {
        Duration minute = Duration.ofMinutes(1);
        try (PoolFixture pool = new PoolFixture(PoolFixture.limits(1, 1, 3, minute, minute))) {
            Channel first = pool.acquire(1);
            Future<Channel> other = pool.map.acquire(pool.key(2));
            Future<Channel> same = pool.map.acquire(pool.key(1));
            Future<Channel> last = pool.map.acquire(pool.key(2));
            pool.release(first);
            Channel second = other.sync().getNow();
            assertFalse(same.isDone() || last.isDone());
            pool.release(second);
            Channel third = same.sync().getNow();
            assertNotSame(first, third);
            assertFalse(last.isDone());
            pool.release(third);
            assertTrue(last.sync().getNow().isActive());
        }
    }

    @Test
    void connectionIsHandedOnWithoutAReconnectWhereNobodyElseWaits() throws Exception {
        Duration minute = Duration.ofMinutes(1);
        try (PoolFixture pool = new PoolFixture(PoolFixture.limits(2, 1, 3, minute, minute))) {
            Channel one = pool.acquire(1);
            pool.acquire(2);
            Future<Channel> waiting = pool.map.acquire(pool.key(1));
            pool.release(one);
            assertSame(one, waiting.sync().getNow());
            assertEquals(0, pool.map.evictions());
        }
    }

    @Test
    void newSetsOfOneAttackerDelayOthersAndDoNotStarveThem() throws Exception {
        Duration minute = Duration.ofMinutes(1);
        try (PoolFixture pool = new PoolFixture(PoolFixture.limits(2, 2, 16, minute, minute))) {
            AtomicInteger sets = new AtomicInteger(100);
            AtomicBoolean attack = new AtomicBoolean(true);
            for (int i = 0; i < 8; i++) {
                attack(pool, sets, attack);
            }
            for (int i = 0; i < 100; i++) {
                pool.use(1);
                assertTrue(pool.map.connections() <= 2);
            }
            attack.set(false);
            assertTrue(sets.get() > 200, () -> "no attack: " + sets);
            PoolFixture.await(() -> pool.map.waiting() == 0);
        }
    }

    private static void attack(PoolFixture pool, AtomicInteger sets, AtomicBoolean attack) {
        pool.map.acquire(pool.key(sets.getAndIncrement())).addListener((Future<Channel> future) -> {
            if (attack.get()) {
                attack(pool, sets, attack);
            }
            pool.map.release(future.getNow());
        });
    }

    @Test
    void acquireWaitsForARelease() throws Exception {
        try (PoolFixture pool = new PoolFixture(PoolFixture.limits(2, 1))) {
            Channel channel = pool.acquire(1);
            Future<Channel> waiting = pool.map.acquire(pool.key(1));
            Throwable refused = pool.map.acquire(pool.key(1)).await().cause();
            assertInstanceOf(TraitsPoolExhaustedException.class, refused);
            assertEquals("1 wait already for a connection", refused.getMessage());
            assertFalse(waiting.isDone());
            pool.release(channel);
            assertSame(channel, waiting.sync().getNow());
        }
    }

    @Test
    void acquireThatWaitsForTooLongFails() throws Exception {
        TraitsPoolLimits limits = PoolFixture.limits(2, 1, 1, Duration.ofMillis(20), Duration.ofMinutes(1));
        try (PoolFixture pool = new PoolFixture(limits)) {
            Channel channel = pool.acquire(1);
            Throwable refused = pool.map.acquire(pool.key(1)).await().cause();
            assertInstanceOf(TraitsPoolExhaustedException.class, refused);
            assertTrue(refused.getMessage().endsWith("were in use for 20 ms"), refused.getMessage());
            pool.release(channel);
            assertSame(channel, pool.acquire(1));
        }
    }

    @Test
    void cancelledAcquireGivesItsConnectionBack() throws Exception {
        try (PoolFixture pool = new PoolFixture(PoolFixture.limits(1, 1))) {
            Channel channel = pool.acquire(1);
            Future<Channel> waiting = pool.map.acquire(pool.key(1));
            assertTrue(waiting.cancel(false));
            pool.release(channel);
            assertSame(channel, pool.acquire(1));
        }
    }

    @Test
    void cancelledAcquireLeavesTheQueueAtOnce() throws Exception {
        try (PoolFixture pool = new PoolFixture(PoolFixture.limits(1, 1))) {
            Channel channel = pool.acquire(1);
            for (int i = 2; i < 10; i++) {
                Future<Channel> waiting = pool.map.acquire(pool.key(i));
                assertEquals(1, pool.map.waiting());
                assertTrue(waiting.cancel(false));
                PoolFixture.await(() -> pool.map.waiting() == 0 && pool.map.size() == 1);
            }
            Future<Channel> living = pool.map.acquire(pool.key(10));
            pool.release(channel);
            assertTrue(living.sync().getNow().isActive());
        }
    }
}
