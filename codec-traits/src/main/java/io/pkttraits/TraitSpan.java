// SPDX-License-Identifier: Apache-2.0
package io.pkttraits;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.pkttraits.internal.ValueBytes;

/**
 * How a value of any length lies in consecutive keys.
 *
 * <pre>
 *   byte 0      2                     16                32
 *        +------+---------------------+-----------------+---------+
 *        |length| value ...           | ...             | ... 0 0 |
 *        +------+---------------------+-----------------+---------+
 *        key first                     first + 1         first + 2
 * </pre>
 *
 * The length is that of the value in bytes, in network order; zeros pad the last piece to 2, 4, 8 or 16 bytes, the
 * least that suffices. All pieces before it have 16 bytes, and the keys of the span behind it are absent. So a length
 * has one form alone, and any piece that is missing, too many or of another length shows.
 */
final class TraitSpan {
    static final int LENGTH_BYTES = 2;
    private static final int PIECE = Traits.MAX_VALUE_LENGTH;

    private TraitSpan() {}

    static boolean isSpan(int firstKey, int lastKey) {
        return firstKey >= 0 && firstKey <= lastKey && lastKey < Traits.MAX_KEYS;
    }

    /** Throws {@link IllegalArgumentException} if the keys are not those of a span. */
    static void check(int firstKey, int lastKey) {
        if (!isSpan(firstKey, lastKey)) {
            throw new IllegalArgumentException(
                    "trait keys " + firstKey + " to " + lastKey + " are not in 0..63 and ascending");
        }
    }

    static int capacity(int firstKey, int lastKey) {
        return PIECE * (lastKey - firstKey + 1) - LENGTH_BYTES;
    }

    static int pieces(int length) {
        return (LENGTH_BYTES + length + PIECE - 1) / PIECE;
    }

    /** Bytes of the last piece of a value. */
    static int lastPiece(int length) {
        int rest = LENGTH_BYTES + length - PIECE * (pieces(length) - 1);
        return rest <= 2 ? 2 : rest <= 4 ? 4 : rest <= 8 ? 8 : PIECE;
    }

    /** The keys of the span as a bit mask. {@link Traits#mask} is the same for other packages. */
    static long keys(int firstKey, int lastKey) {
        return -1L >>> (63 - lastKey) & -1L << firstKey;
    }

    /**
     * The length of the value that begins at {@code offset} of {@code values}, or -1 if that is no whole value.
     *
     * @param present the keys of the span that are present
     * @param bytes what they take together
     * @param sixteens those of them that have 16 bytes
     */
    static int length(byte[] values, int offset, int firstKey, int lastKey, long present, int bytes, long sixteens) {
        if (bytes < LENGTH_BYTES) {
            return -1;
        }
        int length = Short.toUnsignedInt(ValueBytes.getShort(values, offset, BIG_ENDIAN));
        if (length > capacity(firstKey, lastKey)) {
            return -1;
        }
        int pieces = pieces(length);
        int total = PIECE * (pieces - 1) + lastPiece(length);
        int lastPresent = firstKey + pieces - 1;
        long beforeLast = keys(firstKey, lastPresent) & ~(1L << lastPresent);
        if (present != keys(firstKey, lastPresent) || (beforeLast & ~sixteens) != 0 || bytes != total) {
            return -1;
        }
        for (int i = LENGTH_BYTES + length; i < total; i++) {
            if (values[offset + i] != 0) {
                return -1;
            }
        }
        return length;
    }
}
