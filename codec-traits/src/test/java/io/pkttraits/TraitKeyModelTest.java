// SPDX-License-Identifier: Apache-2.0
package io.pkttraits;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteOrder;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

/** A typed key reads what it wrote, leaves other keys alone, and reads any traits without an error. */
final class TraitKeyModelTest {
    @Property
    void numberComesBack(
            @ForAll Traits others,
            @ForAll int number,
            @ForAll long large,
            @ForAll("orders") ByteOrder order,
            @ForAll @IntRange(max = 63) int at) {
        comesBack(others, TraitKey.ofInt(at, order), number);
        comesBack(others, TraitKey.ofUnsignedShort(at, order), number & 0xffff);
        comesBack(others, TraitKey.ofUnsignedInt(at, order), large & 0xffffffffL);
        comesBack(others, TraitKey.ofLong(at, order), large);
        assertEquals(number, others.with(TraitKey.ofInt(at, order), number).getInt(at, ~number, order));
        assertEquals(large, others.with(TraitKey.ofLong(at, order), large).getLong(at, ~large, order));
    }

    @Property
    void textComesBack(@ForAll Traits others, @ForAll @StringLength(max = 15) String text) {
        TraitKey<String> key = TraitKey.ofText(30, 33);
        if (text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
            comesBack(others, key, text);
        }
    }

    @Property
    void bytesOfASpanComeBack(@ForAll Traits others, @ForAll @Size(max = 62) byte[] bytes) {
        TraitKey<byte[]> key = TraitKey.ofSpan(30, 33);
        Traits traits = others.with(key, bytes);
        assertArrayEquals(bytes, traits.get(key));
        assertEquals(others.without(key), traits.without(key));
    }

    @Property
    void anyTraitsAreReadWithoutAnError(@ForAll Traits traits, @ForAll @IntRange(max = 60) int at) {
        List<TraitKey<?>> keys = List.of(
                TraitKey.ofFlag(at),
                TraitKey.ofInt(at, ByteOrder.BIG_ENDIAN),
                TraitKey.ofLong(at, ByteOrder.BIG_ENDIAN),
                TraitKey.ofIpv4(at),
                TraitKey.ofIpv6(at),
                TraitKey.ofUuid(at),
                TraitKey.ofBytes(at),
                TraitKey.ofSpan(at, at + 3),
                TraitKey.ofText(at, at + 3));
        for (TraitKey<?> key : keys) {
            rewrites(traits, key);
        }
    }

    /** What is read can be put again, and is the same then. */
    private static <T> void rewrites(Traits traits, TraitKey<T> key) {
        T value = traits.get(key);
        if (value != null) {
            assertEquals(traits, traits.with(key, value), key::toString);
        }
    }

    private static <T> void comesBack(Traits others, TraitKey<T> key, T value) {
        Traits traits = others.with(key, value);
        assertEquals(value, traits.get(key));
        assertEquals(others.without(key), traits.without(key));
        assertEquals(traits.only(key.keys()), Traits.builder().put(key, value).build());
    }

    @Provide
    Arbitrary<ByteOrder> orders() {
        return Arbitraries.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN);
    }
}
