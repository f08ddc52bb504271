// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.hop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.pkttraits.Traits;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class HopMergeTest {
    private static final Traits FIRST = Traits.builder().putInt(4, 1).putFlag(9).build();
    private static final Traits LAST =
            Traits.builder().putInt(4, 2).putFlag(9).putFlag(63).build();

    @Test
    void ofTwoValuesTheRulesChoose() {
        assertEquals(FIRST.withFlag(63), HopMerge.KEEP_FIRST.apply(FIRST, LAST));
        assertEquals(LAST, HopMerge.KEEP_LAST.apply(FIRST, LAST));
        assertNull(HopMerge.ERROR.apply(FIRST, LAST));
    }

    @Test
    void equalValuesAreNoContradiction() {
        assertEquals(FIRST.withFlag(63), HopMerge.ERROR.apply(FIRST, LAST.withInt(4, 1)));
    }

    @Property(tries = 200)
    void setsWithoutCommonKeysAreTheSameUnionByAnyRule(@ForAll Traits first, @ForAll Traits last) {
        Traits others = last.only(~first.keys());
        for (HopMerge merge : HopMerge.values()) {
            assertEquals(first.merge(others), merge.apply(first, others));
        }
    }
}
