// SPDX-License-Identifier: Apache-2.0
package io.pkttraits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What makes {@code hashCode} fit for sets that strangers choose. */
final class TraitsHashTest {
    /** Of any two sets one in 2^32 collides; so of 2000 draws even one is unlikely, and ten are a defect. */
    private static final int MOST_COLLISIONS = 3;

    @Test
    void setsThatCollideUnderAPolynomialDoNot() {
        // 31 * a + b stays the same if a grows by 1 and b shrinks by 31: so of each two bytes there is a choice.
        Set<Integer> polynomial = new HashSet<>();
        Set<Integer> hashes = new HashSet<>();
        int count = 1 << 11;
        for (int choice = 0; choice < count; choice++) {
            byte[] first = new byte[16];
            byte[] second = new byte[16];
            for (int bit = 0; bit < 11; bit++) {
                byte[] half = bit < 8 ? first : second;
                boolean other = (choice >>> bit & 1) != 0;
                half[bit % 8 * 2] = (byte) (other ? 1 : 0);
                half[bit % 8 * 2 + 1] = (byte) (other ? 0 : 31);
            }
            byte[] values = Arrays.copyOf(first, 32);
            System.arraycopy(second, 0, values, 16, 16);
            polynomial.add(Arrays.hashCode(values));
            hashes.add(Traits.EMPTY.with(4, first).with(5, second).hashCode());
        }
        assertEquals(1, polynomial.size());
        assertTrue(hashes.size() >= count - MOST_COLLISIONS, () -> "only " + hashes.size() + " hashes");
    }

    @Test
    void runningNumbersHaveTheirOwnHashes() {
        Set<Integer> hashes = new HashSet<>();
        int count = 2000;
        for (int i = 0; i < count; i++) {
            hashes.add(Traits.EMPTY.withInt(4, i).hashCode());
        }
        assertTrue(hashes.size() >= count - MOST_COLLISIONS, () -> "only " + hashes.size() + " hashes");
    }

    @Test
    void everyBitOfTheHashDependsOnEveryBitOfTheValue() {
        int rounds = 2000;
        for (int flipped = 0; flipped < 32; flipped++) {
            int[] changes = new int[32];
            for (int i = 0; i < rounds; i++) {
                int change = Traits.EMPTY.withInt(4, i).hashCode()
                        ^ Traits.EMPTY.withInt(4, i ^ 1 << flipped).hashCode();
                for (int bit = 0; bit < 32; bit++) {
                    changes[bit] += change >>> bit & 1;
                }
            }
            for (int bit = 0; bit < 32; bit++) {
                // A half, give or take 9 standard deviations.
                assertEquals(rounds / 2.0, changes[bit], 200, "bit " + bit + " for bit " + flipped);
            }
        }
    }

    @Property
    void bucketsAreFilledEvenly(@ForAll int start, @ForAll @IntRange(min = 1, max = 1 << 20) int step) {
        int[] buckets = new int[16];
        for (int i = 0; i < 1600; i++) {
            buckets[Traits.EMPTY.withInt(4, start + i * step).hashCode() & 15]++;
        }
        for (int filled : buckets) {
            assertEquals(100, filled, 90); // 9 standard deviations
        }
    }

    /** A size, a key or a flag that differs makes another input, even if all value bytes are the same. */
    @Test
    void sizesAndKeysAreHashedToo() {
        Traits[] sets = {
            Traits.EMPTY,
            Traits.EMPTY.withFlag(4),
            Traits.EMPTY.withFlag(5),
            Traits.EMPTY.with(4, new byte[2]),
            Traits.EMPTY.with(4, new byte[4]),
            Traits.EMPTY.with(4, new byte[2]).with(5, new byte[2]),
            Traits.EMPTY.with(4, new byte[8]),
            Traits.EMPTY.with(4, new byte[16]),
            Traits.EMPTY.with(4, new byte[8]).with(5, new byte[8]),
        };
        Set<Integer> hashes = new HashSet<>();
        for (Traits set : sets) {
            hashes.add(set.hashCode());
        }
        assertEquals(sets.length, hashes.size());
    }

    @Test
    void anotherProcessHasOtherHashes() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process other = new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), HashMain.class.getName())
                .redirectError(new File("/dev/null"))
                .start();
        String hash = new String(other.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        assertTrue(other.waitFor(1, TimeUnit.MINUTES));
        assertNotEquals(Integer.toString(HashMain.SET.hashCode()), hash);
        assertTrue(hash.matches("-?[0-9]+"), hash);
    }

    /** Prints the hash of one set. */
    static final class HashMain {
        static final Traits SET = Traits.EMPTY.withInt(4, 12345);

        private HashMain() {}

        public static void main(String[] args) {
            System.out.println(SET.hashCode());
        }
    }
}
