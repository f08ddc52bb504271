// SPDX-License-Identifier: Apache-2.0
package io.pkttraits;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import net.jqwik.api.providers.ArbitraryProvider;
import net.jqwik.api.providers.TypeUsage;

/** Provides {@code @ForAll Traits}: sets of 0 to 64 traits, with values of every length. */
public final class TraitsArbitraryProvider implements ArbitraryProvider {
    private static final int[] LENGTHS = {0, 2, 4, 8, 16};

    /** Any set of 0 to 64 traits. */
    public static Arbitrary<Traits> traits() {
        return traits(LENGTHS);
    }

    /** Any set of 0 to 64 traits whose values have one of the lengths. */
    public static Arbitrary<Traits> traits(int... lengths) {
        Arbitrary<Traits> any = maps(lengths).map(TraitsArbitraryProvider::build);
        Arbitrary<Traits> full = values(lengths)
                .list()
                .ofSize(Traits.MAX_KEYS)
                .withoutEdgeCases()
                .map(TraitsArbitraryProvider::buildFromKeyZero);
        return Arbitraries.frequencyOf(Tuple.of(7, any), Tuple.of(1, full));
    }

    /** Keys and values of any set. */
    static Arbitrary<Map<Integer, byte[]>> maps() {
        return maps(LENGTHS);
    }

    /** Values of any length, those without bytes being flags. */
    static Arbitrary<byte[]> values() {
        return values(LENGTHS);
    }

    /** A set by its builder. */
    public static Traits build(Map<Integer, byte[]> map) {
        TraitsBuilder builder = Traits.builder();
        map.forEach(builder::put);
        return builder.build();
    }

    @Override
    public boolean canProvideFor(TypeUsage targetType) {
        return targetType.isOfType(Traits.class);
    }

    @Override
    public Set<Arbitrary<?>> provideFor(TypeUsage targetType, SubtypeProvider subtypeProvider) {
        return Set.of(traits());
    }

    private static Arbitrary<Map<Integer, byte[]>> maps(int... lengths) {
        return Arbitraries.maps(Arbitraries.integers().between(0, Traits.MAX_KEYS - 1), values(lengths))
                .ofMaxSize(Traits.MAX_KEYS)
                .withoutEdgeCases();
    }

    private static Arbitrary<byte[]> values(int... lengths) {
        return Combinators.combine(
                        Arbitraries.of(IntStream.of(lengths).boxed().toList()),
                        Arbitraries.bytes().array(byte[].class).ofSize(Traits.MAX_VALUE_LENGTH))
                .as((length, bytes) -> Arrays.copyOf(bytes, length))
                .withoutEdgeCases();
    }

    private static Traits buildFromKeyZero(List<byte[]> values) {
        TraitsBuilder builder = Traits.builder();
        for (int key = 0; key < values.size(); key++) {
            builder.put(key, values.get(key));
        }
        return builder.build();
    }
}
