// SPDX-License-Identifier: Apache-2.0
package io.pkttraits;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class TraitSpanTest {
    private static final byte[] FORTY = bytes(40);

    /** A span, and a value that fits into it. */
    private static final class SpanValue {
        private final int firstKey;
        private final int lastKey;
        private final byte[] value;

        SpanValue(int firstKey, int lastKey, byte[] value) {
            this.firstKey = firstKey;
            this.lastKey = lastKey;
            this.value = value;
        }

        long keys() {
            return TraitSpan.keys(firstKey, lastKey);
        }

        Traits traits() {
            return Traits.builder().putSpan(firstKey, lastKey, value).build();
        }
    }

    @Test
    void piecesBeginWithTheLengthAndEndWithZeros() {
        assertEquals("{8=0x0000}", span(8, 9, 0));
        assertEquals("{8=0x00010100}", span(8, 9, 1));
        assertEquals("{8=0x00020102}", span(8, 9, 2));
        assertEquals("{8=0x0003010203000000}", span(8, 9, 3));
        assertEquals("{8=0x00070102030405060700000000000000}", span(8, 9, 7));
        assertEquals("{8=0x000e0102030405060708090a0b0c0d0e}", span(8, 9, 14));
        assertEquals("{8=0x000f0102030405060708090a0b0c0d0e, 9=0x0f00}", span(8, 9, 15));
        assertEquals("{8=0x001e0102030405060708090a0b0c0d0e, 9=0x0f101112131415161718191a1b1c1d1e}", span(8, 9, 30));
        assertEquals("{63=0x00020102}", span(63, 63, 2));
    }

    @Test
    void allKeysHold1022Bytes() {
        byte[] most = bytes(1022);
        Traits traits = Traits.builder().putSpan(0, 63, most).build();
        assertEquals(64, traits.size());
        assertArrayEquals(most, traits.getSpan(0, 63));
        assertThrows(IllegalArgumentException.class, () -> Traits.builder().putSpan(0, 63, new byte[1023]));
    }

    @Test
    void shorterValueLeavesNothingOfTheLonger() {
        Traits traits = Traits.builder()
                .putFlag(7)
                .putLong(12, 1)
                .putSpan(8, 11, FORTY)
                .putSpan(8, 11, new byte[] {1})
                .build();
        assertEquals("{7, 8=0x00010100, 12=0x", traits.toString().substring(0, 23));
        assertArrayEquals(new byte[] {1}, traits.getSpan(8, 11));
    }

    @Test
    void incompleteValueIsNone() {
        Traits whole = Traits.builder().putSpan(8, 11, FORTY).build();
        assertArrayEquals(FORTY, whole.getSpan(8, 11));
        for (int key = 8; key <= 10; key++) {
            assertNull(whole.without(key).getSpan(8, 11), "without " + key);
            assertNull(whole.with(key, new byte[8]).getSpan(8, 11), "with 8 bytes in " + key);
        }
        assertNull(whole.with(11, new byte[2]).getSpan(8, 11), "with a piece too many");
        assertNull(whole.with(8, new byte[16]).getSpan(8, 11), "with another length");
        assertNull(whole.getSpan(9, 11));
        assertNull(whole.getSpan(8, 9));
        assertNull(Traits.EMPTY.getSpan(8, 11));
        assertNull(Traits.EMPTY.withFlag(8).getSpan(8, 11));
        assertNull(Traits.EMPTY.with(8, new byte[] {0, 1, 1, 1}).getSpan(8, 11), "not zero behind the value");
        assertNull(Traits.EMPTY.with(8, new byte[] {0, 0, 0, 0}).getSpan(8, 11), "longer than it must be");
        assertNull(Traits.EMPTY.with(8, new byte[] {-1, -1}).getSpan(8, 11));
    }

    @Test
    void mergedHalvesOfTwoValuesAreNone() {
        Traits longer = Traits.builder().putSpan(8, 11, FORTY).build();
        Traits shorter = Traits.builder().putSpan(8, 11, new byte[20]).build();
        assertNull(longer.merge(shorter).getSpan(8, 11));
        assertArrayEquals(FORTY, shorter.merge(longer).getSpan(8, 11));
    }

    @Test
    void keysThatAreNoSpanAreAnAnswerToReadersAndRefusedFromWriters() {
        Traits traits = Traits.builder().putSpan(0, 63, FORTY).build();
        for (int[] keys : new int[][] {{-1, 3}, {3, 2}, {3, 64}, {64, 64}, {Integer.MIN_VALUE, Integer.MAX_VALUE}}) {
            assertNull(traits.getSpan(keys[0], keys[1]));
            assertEquals(-1, traits.spanLength(keys[0], keys[1]));
            assertThrows(IllegalArgumentException.class, () -> Traits.builder().putSpan(keys[0], keys[1], new byte[1]));
        }
    }

    @Test
    void refusedValueChangesNothing() {
        TraitsBuilder builder = Traits.builder().putSpan(8, 9, new byte[] {1});
        assertThrows(IllegalArgumentException.class, () -> builder.putSpan(8, 9, new byte[31]));
        assertEquals("{8=0x00010100}", builder.build().toString());
    }

    @Property
    void maskHasABitForEachKeyFromTheFirstToTheLast(
            @ForAll @IntRange(min = -2, max = 65) int firstKey, @ForAll @IntRange(min = -2, max = 65) int lastKey) {
        if (firstKey < 0 || firstKey > lastKey || lastKey > 63) {
            assertThrows(IllegalArgumentException.class, () -> Traits.mask(firstKey, lastKey));
            assertThrows(IllegalArgumentException.class, () -> Traits.spanCapacity(firstKey, lastKey));
            return;
        }
        long expected = 0;
        for (int key = firstKey; key <= lastKey; key++) {
            expected |= 1L << key;
        }
        assertEquals(expected, Traits.mask(firstKey, lastKey));
    }

    @Property
    void spanCapacityIsTheLongestValueThatFits(@ForAll("values") SpanValue span) {
        int capacity = Traits.spanCapacity(span.firstKey, span.lastKey);
        TraitsBuilder builder = Traits.builder().putSpan(span.firstKey, span.lastKey, new byte[capacity]);
        assertEquals(capacity, builder.build().spanLength(span.firstKey, span.lastKey));
        assertThrows(
                IllegalArgumentException.class,
                () -> builder.putSpan(span.firstKey, span.lastKey, new byte[capacity + 1]));
    }

    @Property
    void valueOfAnyLengthComesBackExactly(@ForAll("values") SpanValue span, @ForAll Traits others) {
        TraitsBuilder builder = Traits.builder();
        for (int key = others.nextKey(0); key >= 0; key = others.nextKey(key + 1)) {
            builder.put(key, others.getBytes(key));
        }
        Traits traits = builder.putSpan(span.firstKey, span.lastKey, span.value).build();
        assertArrayEquals(span.value, traits.getSpan(span.firstKey, span.lastKey));
        assertEquals(span.value.length, traits.spanLength(span.firstKey, span.lastKey));
        byte[] copy = new byte[span.value.length + 1];
        assertEquals(span.value.length, traits.getSpan(span.firstKey, span.lastKey, copy, 1));
        assertArrayEquals(span.value, Arrays.copyOfRange(copy, 1, copy.length));
        assertEquals(others.only(~span.keys()), traits.only(~span.keys()));
        assertEquals(span.traits(), traits.only(span.keys()));
    }

    @Property
    void anyTraitsAreAWholeValueOrNone(
            @ForAll Traits traits, @ForAll("keys") int firstKey, @ForAll("keys") int lastKey) {
        isItsValueOrNone(traits, firstKey, lastKey);
    }

    @Property(tries = 3000)
    void damagedValueIsAWholeValueOrNone(
            @ForAll("values") SpanValue span, @ForAll("keys") int key, @ForAll("pieces") byte[] piece) {
        Traits whole = span.traits();
        int struck = span.firstKey + key % (span.lastKey - span.firstKey + 1);
        isItsValueOrNone(whole.with(struck, piece), span.firstKey, span.lastKey);
        if (whole.contains(struck)) {
            assertNull(whole.without(struck).getSpan(span.firstKey, span.lastKey));
        }
    }

    /** Whatever is read is what was written, and all of it. */
    private static void isItsValueOrNone(Traits traits, int firstKey, int lastKey) {
        byte[] value = traits.getSpan(firstKey, lastKey);
        assertEquals(value == null ? -1 : value.length, traits.spanLength(firstKey, lastKey));
        if (value != null) {
            SpanValue span = new SpanValue(firstKey, lastKey, value);
            assertEquals(span.traits(), traits.only(span.keys()));
        }
    }

    @Provide
    Arbitrary<SpanValue> values() {
        return Combinators.combine(keys(), keys())
                .as((a, b) -> new int[] {Math.min(a, b), Math.max(a, b)})
                .flatMap(keys -> Arbitraries.bytes()
                        .array(byte[].class)
                        .ofMaxSize(TraitSpan.capacity(keys[0], keys[1]))
                        .map(value -> new SpanValue(keys[0], keys[1], value)));
    }

    @Provide
    Arbitrary<Integer> keys() {
        return Arbitraries.integers().between(0, 63);
    }

    /** Pieces that are likely to say something. */
    @Provide
    Arbitrary<byte[]> pieces() {
        return Combinators.combine(
                        Arbitraries.of(0, 2, 4, 8, 16), Arbitraries.integers().between(0, 70), Arbitraries.of(0, 1))
                .as((length, first, rest) -> {
                    byte[] piece = new byte[length];
                    Arrays.fill(piece, rest.byteValue());
                    if (length > 0) {
                        piece[0] = 0;
                        piece[1] = first.byteValue();
                    }
                    return piece;
                });
    }

    private static String span(int firstKey, int lastKey, int length) {
        Traits traits =
                Traits.builder().putSpan(firstKey, lastKey, bytes(length)).build();
        assertEquals(
                HexFormat.of().formatHex(bytes(length)), HexFormat.of().formatHex(traits.getSpan(firstKey, lastKey)));
        return traits.toString();
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i + 1);
        }
        return bytes;
    }
}
