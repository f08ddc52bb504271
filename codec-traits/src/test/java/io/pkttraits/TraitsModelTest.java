// SPDX-License-Identifier: Apache-2.0
package io.pkttraits;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** A set of traits behaves as a sorted map of keys to bytes. */
final class TraitsModelTest {
    @Property
    void builderHoldsWhatWasPut(@ForAll("maps") Map<Integer, byte[]> map) {
        assertModel(new TreeMap<>(map), TraitsArbitraryProvider.build(map));
    }

    @Property
    void withSetsOneKeyAndLeavesTheRest(
            @ForAll("maps") Map<Integer, byte[]> map,
            @ForAll @IntRange(max = 63) int key,
            @ForAll("values") byte[] value) {
        Traits before = TraitsArbitraryProvider.build(map);
        Traits after = before.with(key, value);
        assertModel(new TreeMap<>(map), before);
        TreeMap<Integer, byte[]> model = new TreeMap<>(map);
        model.put(key, value);
        assertModel(model, after);
    }

    @Property
    void withoutRemovesOneKey(@ForAll("maps") Map<Integer, byte[]> map, @ForAll @IntRange(max = 63) int key) {
        TreeMap<Integer, byte[]> model = new TreeMap<>(map);
        model.remove(key);
        assertModel(model, TraitsArbitraryProvider.build(map).without(key));
    }

    @Property
    void onlyKeepsTheMaskedKeys(@ForAll("maps") Map<Integer, byte[]> map, @ForAll long mask) {
        TreeMap<Integer, byte[]> model = new TreeMap<>(map);
        model.keySet().removeIf(key -> (mask >>> key & 1) == 0);
        assertModel(model, TraitsArbitraryProvider.build(map).only(mask));
    }

    @Property
    void mergeIsPutAll(@ForAll("maps") Map<Integer, byte[]> first, @ForAll("maps") Map<Integer, byte[]> last) {
        TreeMap<Integer, byte[]> model = new TreeMap<>(first);
        model.putAll(last);
        assertModel(model, TraitsArbitraryProvider.build(first).merge(TraitsArbitraryProvider.build(last)));
    }

    @Property
    void equalMapsAreEqualSetsHoweverTheyAreMade(@ForAll("maps") Map<Integer, byte[]> map) {
        Traits built = TraitsArbitraryProvider.build(map);
        Traits stepped = Traits.EMPTY;
        for (Map.Entry<Integer, byte[]> trait :
                new TreeMap<>(map).descendingMap().entrySet()) {
            stepped = stepped.with(trait.getKey(), new byte[16]).with(trait.getKey(), trait.getValue());
        }
        assertEquals(built, stepped);
        assertEquals(built.hashCode(), stepped.hashCode());
        assertEquals(built.hashCode(), built.hashCode());
    }

    @Property
    void setsAreEqualOnlyIfTheirMapsAre(
            @ForAll("maps") Map<Integer, byte[]> one, @ForAll("maps") Map<Integer, byte[]> other) {
        boolean equal = one.keySet().equals(other.keySet())
                && one.keySet().stream().allMatch(key -> Arrays.equals(one.get(key), other.get(key)));
        assertEquals(equal, TraitsArbitraryProvider.build(one).equals(TraitsArbitraryProvider.build(other)));
    }

    @Property
    void oneChangedBitMakesAnotherSet(@ForAll Traits traits, @ForAll @IntRange(max = 127) int bit) {
        for (int key = traits.nextKey(0); key >= 0; key = traits.nextKey(key + 1)) {
            byte[] value = traits.getBytes(key);
            if (value.length * 8 > bit) {
                value[bit / 8] ^= (byte) (1 << (bit % 8));
                assertNotEquals(traits, traits.with(key, value));
            }
        }
    }

    @Provide
    Arbitrary<Map<Integer, byte[]>> maps() {
        return TraitsArbitraryProvider.maps();
    }

    @Provide
    Arbitrary<byte[]> values() {
        return TraitsArbitraryProvider.values();
    }

    private static void assertModel(NavigableMap<Integer, byte[]> model, Traits traits) {
        long keys = 0;
        int bytes = 0;
        for (int key = 0; key < Traits.MAX_KEYS; key++) {
            byte[] value = model.get(key);
            assertArrayEquals(value, traits.getBytes(key));
            assertEquals(value == null ? -1 : value.length, traits.length(key));
            assertEquals(value != null, traits.contains(key));
            assertEquals(value != null && value.length == 0, traits.getFlag(key));
            Integer next = model.ceilingKey(key);
            assertEquals(next == null ? -1 : next, traits.nextKey(key));
            keys |= value == null ? 0 : 1L << key;
            bytes += value == null ? 0 : value.length;
        }
        assertEquals(keys, traits.keys());
        assertEquals(bytes, traits.valuesLength());
        assertEquals(model.size(), traits.size());
        assertEquals(model.isEmpty(), traits.isEmpty());
        assertEquals(TraitsArbitraryProvider.build(model), traits);
    }
}
