// SPDX-License-Identifier: Apache-2.0
package io.pkttraits;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.pkttraits.internal.ValueBytes;

/**
 * SipHash-1-3 of a trait set's parts, without a copy. Somebody who does not know the 128-bit key cannot choose inputs that
 * collide. Source: Aumasson and Bernstein, "SipHash: a fast short-input PRF", with 1 round for a block and 3 at the end.
 */
final class SipHash {
    private static final int WORDS = 3;
    private static final int LAST_ROUNDS = 3;

    private SipHash() {}

    /** The hash of the three words as little-endian bytes, followed by {@code values}. Allocates nothing. */
    static long hash(long key0, long key1, long doubled, long pair, long octet, byte[] values) {
        long v0 = key0 ^ 0x736f6d6570736575L;
        long v1 = key1 ^ 0x646f72616e646f6dL;
        long v2 = key0 ^ 0x6c7967656e657261L;
        long v3 = key1 ^ 0x7465646279746573L;
        int blocks = WORDS + values.length / 8 + 1;
        for (int i = 0; i < blocks + LAST_ROUNDS; i++) {
            // The last rounds are those of blocks that are 0.
            long block = switch (i) {
                case 0 -> doubled;
                case 1 -> pair;
                case 2 -> octet;
                default -> i < blocks ? block(values, 8 * (i - WORDS)) : 0;
            };
            if (i == blocks) {
                v2 ^= 0xff;
            }
            v3 ^= block;
            v0 += v1;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v3;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v2 = Long.rotateLeft(v2, 32);
            v0 ^= block;
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    /** Eight bytes, or the rest of fewer than eight with the input's length in the highest byte. */
    private static long block(byte[] values, int at) {
        if (values.length - at >= 8) {
            return ValueBytes.getLong(values, at, LITTLE_ENDIAN);
        }
        long block = (long) (8 * WORDS + values.length) << 56;
        for (int i = at; i < values.length; i++) {
            block |= (values[i] & 0xffL) << (8 * (i - at));
        }
        return block;
    }
}
