// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What a user's test can make, to see how its own code copes. */
final class TraitsExceptionTest {
    private static void assertFields(
            TraitsException e, CarrierType carrier, int key, int errno, boolean partlySet, Throwable cause) {
        assertEquals("too much (carrier " + carrier + ")", e.getMessage());
        assertSame(carrier, e.carrier());
        assertEquals(key, e.key());
        assertEquals(errno, e.errno());
        assertEquals(partlySet, e.isPartlySet());
        assertSame(cause, e.getCause());
        assertEquals(0, e.getStackTrace().length);
    }

    @Test
    void refusedByThisProcessHasNoErrno() {
        assertFields(TraitsException.refused(CarrierType.BPF, 4, "too much"), CarrierType.BPF, 4, 0, false, null);
    }

    @Test
    void refusedByTheKernelAsAWholeNamesNoKey() {
        IOException cause = new IOException();
        assertFields(
                TraitsException.failed(CarrierType.IP_OPTION, 1, "too much", cause),
                CarrierType.IP_OPTION,
                TraitsException.NO_KEY,
                1,
                false,
                cause);
    }

    @Test
    void refusedByTheKernelForOneKeyMayBePartlySet() {
        TraitsException e = TraitsException.failedKey(CarrierType.KERNEL, 63, 28, "too much", null);
        assertFields(e, CarrierType.KERNEL, 63, 28, true, null);
        assertTrue(e.isPartlySet());
        assertFalse(TraitsException.refused(CarrierType.KERNEL, 63, "").isPartlySet());
    }
}
