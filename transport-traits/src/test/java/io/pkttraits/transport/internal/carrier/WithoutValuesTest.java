// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pkttraits.Traits;
import org.junit.jupiter.api.Test;

final class WithoutValuesTest {
    @Test
    void keysAndLengthsAreNamedAndValuesAreNot() {
        assertEquals("{}", WithoutValues.of(Traits.EMPTY));
        assertEquals(
                "{4: 4 bytes, 9: flag}",
                WithoutValues.of(Traits.EMPTY.withFlag(9).withInt(4, 12345)));
    }
}
