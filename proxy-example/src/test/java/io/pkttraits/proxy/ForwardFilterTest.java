// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pkttraits.codec.Traits;
import io.pkttraits.transport.ConnectionFacts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardFilterTest {
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
        ConnectionFacts nobody = ConnectionFacts.of(null, null);
        return ForwardFilter.parse(keys).toPolicy().forward(nobody, TRAITS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "64", "-1", "4,", ",4", "a", "all,4", "4;5", "004", "99999999999"})
    void refusesEverythingElse(String text) {
        assertThrows(IllegalArgumentException.class, () -> ForwardFilter.parse(text));
    }
}
