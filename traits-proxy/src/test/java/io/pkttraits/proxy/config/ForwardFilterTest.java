// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pkttraits.Traits;
import io.pkttraits.registry.TraitDefinition;
import io.pkttraits.registry.TraitRegistry;
import io.pkttraits.registry.TraitType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardFilterTest {
    private static final TraitKeys NAMES = new TraitKeys(TraitRegistry.of(
            List.of(TraitDefinition.of("small", 4, TraitType.U32), TraitDefinition.of("large", 63, TraitType.U64))));
    private static final Traits TRAITS =
            Traits.builder().putFlag(0).putInt(4, 1).putLong(63, 2).build();

    @Test
    void allPassesEverythingUnchanged() {
        assertSame(TRAITS, forward("all"));
    }

    @Test
    void nonePassesNothing() {
        assertEquals(Traits.EMPTY, forward("none"));
    }

    @Test
    void keysPassAloneAndThoseThatAreAbsentDoNoHarm() {
        assertEquals(Traits.builder().putFlag(0).putLong(63, 2).build(), forward("0, 63,5"));
    }

    private static Traits forward(String keys) {
        return TRAITS.only(ForwardFilter.parse(keys).mask(NAMES));
    }

    @Test
    void namesPassTheKeysThatTheyStandFor() {
        assertEquals(TRAITS.without(63), forward("0,small"));
        assertEquals(TRAITS.without(0), forward("large,small"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "64", "-1", "4,", ",4", "a", "all,4", "4;5", "004", "99999999999"})
    void refusesEverythingElse(String text) {
        assertThrows(IllegalArgumentException.class, () -> forward(text));
    }
}
