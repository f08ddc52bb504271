// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.codec;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;

/** Places in an encoding, modulo its length, and what is to stand there instead. */
final class Mutations {
    private Mutations() {}

    static <T> Arbitrary<List<Tuple2<Integer, T>>> by(Arbitrary<T> replacements) {
        return Combinators.combine(Arbitraries.integers().between(0, 2000), replacements)
                .as(Tuple::of)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .withoutEdgeCases();
    }
}
