// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.internal;

/**
 * The value sizes of a set, one bit per key in each of three words, and the sums of sizes by population count.
 *
 * <pre>
 *   octet pair doubled   value
 *     0    0     0       absent
 *     0    0     1       flag, 0 bytes
 *     0    1     0       2 bytes
 *     0    1     1       4 bytes
 *     1    0     0       8 bytes
 *     1    0     1       16 bytes
 * </pre>
 *
 * {@code pair} counts 2 bytes, {@code octet} counts 8, {@code doubled} counts either of them once more. So the bytes of
 * any subset of keys are four population counts, whatever the number of keys.
 */
public final class SizeWords {
    public static final int DOUBLED = 1;
    public static final int PAIR = 2;
    public static final int OCTET = 4;

    private SizeWords() {}

    /** The three bits that stand for a value of {@code length} bytes, or -1 if no value has that length. */
    public static int code(int length) {
        return switch (length) {
            case 0 -> DOUBLED;
            case 2 -> PAIR;
            case 4 -> PAIR | DOUBLED;
            case 8 -> OCTET;
            case 16 -> OCTET | DOUBLED;
            default -> -1;
        };
    }

    /** The three bits of {@code key}, which is in 0..63: what {@link #code} is for its size, or 0 if it is absent. */
    public static int codeOf(long doubled, long pair, long octet, int key) {
        return (int) (doubled >>> key & 1) | (int) (pair >>> key & 1) << 1 | (int) (octet >>> key & 1) << 2;
    }

    /** {@code word}, which is the one that the bit {@code which} of {@code code} stands for, with {@code bit} set so. */
    public static long with(long word, long bit, int code, int which) {
        return (code & which) != 0 ? word | bit : word & ~bit;
    }

    /** Bytes that the values of the keys in {@code mask} take together. */
    public static int bytes(long doubled, long pair, long octet, long mask) {
        long pairs = pair & mask;
        long octets = octet & mask;
        return 2 * (Long.bitCount(pairs) + Long.bitCount(pairs & doubled))
                + 8 * (Long.bitCount(octets) + Long.bitCount(octets & doubled));
    }

    /**
     * Offset behind the value of {@code key}, which is in 0..63: the sizes of keys 0 to {@code key}. Words that are shifted
     * until that key is the sign bit need no masks, which is what makes a get fast.
     */
    public static int end(long doubled, long pair, long octet, int key) {
        int shift = 63 - key;
        return bytes(doubled << shift, pair << shift, octet << shift, -1L);
    }

    /** Whether the word has the bit of {@code key}, which is in 0..63. */
    public static boolean has(long word, int key) {
        return word << (63 - key) < 0;
    }
}
