// SPDX-License-Identifier: Apache-2.0
package io.pkttraits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class TraitsKeyTest {
    @Test
    void equalSetsHaveOneKey() {
        TraitsKey key = TraitsKey.of(Traits.EMPTY.withInt(4, 1).withFlag(9));
        assertSame(key, TraitsKey.of(Traits.EMPTY.withFlag(9).withInt(4, 1)));
        assertEquals("{9}", TraitsKey.of(Traits.EMPTY.withFlag(9)).toString());
        assertEquals(Traits.EMPTY.withInt(4, 1).withFlag(9), key.traits());
    }

    @Property
    void keysAreTheSameOnlyIfTheirSetsAreEqual(@ForAll Traits one, @ForAll Traits other) {
        TraitsKey key = TraitsKey.of(one);
        if (one.equals(other)) {
            assertSame(key, TraitsKey.of(other));
        }
        assertEquals(one.equals(other), TraitsKey.of(other).equals(key));
        assertEquals(one, key.traits());
    }

    @Test
    void noTwoOfAMillionKeysShareAHash() {
        int count = 1_000_000;
        TraitsKey[] keys = new TraitsKey[count];
        int[] hashes = new int[count];
        for (int i = 0; i < count; i++) {
            keys[i] = TraitsKey.of(Traits.EMPTY.withInt(4, i));
            hashes[i] = keys[i].hashCode();
        }
        Arrays.sort(hashes);
        for (int i = 1; i < count; i++) {
            assertNotEquals(hashes[i - 1], hashes[i]);
        }
        for (int i = 0; i < count; i += 997) {
            assertSame(keys[i], TraitsKey.of(Traits.EMPTY.withInt(4, i)));
        }
    }

    @Test
    void unreachableKeysAreRemoved() throws Exception {
        int count = 100_000;
        TraitsKey held = TraitsKey.of(Traits.EMPTY.withInt(5, -1));
        for (int i = 0; i < count; i++) {
            TraitsKey.of(Traits.EMPTY.withInt(5, i));
        }
        long end = System.nanoTime() + 60_000_000_000L;
        while (TraitsKey.interned() > count / 2 && System.nanoTime() < end) {
            System.gc();
            Thread.sleep(20);
            for (int i = 0; i < count; i++) {
                TraitsKey.of(held.traits());
            }
        }
        assertTrue(TraitsKey.interned() <= count / 2, () -> TraitsKey.interned() + " entries");
        assertSame(held, TraitsKey.of(Traits.EMPTY.withInt(5, -1)));
    }

    @Test
    void keyThatWasUnreachableHasANewHash() throws Exception {
        Traits traits = Traits.EMPTY.withInt(6, 1);
        int hash = TraitsKey.of(traits).hashCode();
        long end = System.nanoTime() + 60_000_000_000L;
        while (TraitsKey.of(traits).hashCode() == hash && System.nanoTime() < end) {
            System.gc();
            Thread.sleep(20);
        }
        assertNotEquals(hash, TraitsKey.of(traits).hashCode());
    }

    @Test
    void concurrentCallsGetOneKey() throws Exception {
        int threads = 8;
        int rounds = 500;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            CyclicBarrier barrier = new CyclicBarrier(threads);
            TraitsKey[][] keys = new TraitsKey[threads][rounds];
            Future<?>[] done = new Future<?>[threads];
            for (int thread = 0; thread < threads; thread++) {
                TraitsKey[] own = keys[thread];
                done[thread] = executor.submit(() -> {
                    for (int round = 0; round < rounds; round++) {
                        barrier.await();
                        own[round] = TraitsKey.of(Traits.EMPTY.withInt(7, round));
                    }
                    return null;
                });
            }
            for (Future<?> one : done) {
                one.get();
            }
            Set<TraitsKey> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
            Stream.of(keys).flatMap(Stream::of).forEach(distinct::add);
            assertEquals(rounds, distinct.size());
            assertNotSame(keys[0][0], keys[0][1]);
        } finally {
            executor.shutdownNow();
        }
    }
}
