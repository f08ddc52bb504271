// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import io.pkttraits.Traits;
import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.TraitsException;
import java.util.function.IntPredicate;

/**
 * The sizes of values that a kernel carries: the versions of the RFC have different ones. A set with another is refused before anything of
 * it is set.
 */
final class SupportedLengths {
    private static final int[] LENGTHS = {0, 2, 4, 8, 16};

    static final SupportedLengths ALL = new SupportedLengths(length -> true);

    /** Bit n: values of n bytes. */
    private final int lengths;

    /** Asks once for each size. */
    SupportedLengths(IntPredicate carried) {
        int found = 0;
        for (int length : LENGTHS) {
            if (carried.test(length)) {
                found |= 1 << length;
            }
        }
        lengths = found;
    }

    /**
     * Refuses a set that has a value of another size.
     *
     * @throws TraitsException naming its key
     */
    void require(CarrierType carrier, Traits traits) throws TraitsException {
        if (this == ALL) {
            return;
        }
        for (int key = traits.nextKey(0); key >= 0; key = traits.nextKey(key + 1)) {
            int length = traits.length(key);
            if ((lengths >> length & 1) == 0) {
                throw TraitsException.refused(
                        carrier,
                        key,
                        "cannot send trait " + key + ": this kernel carries no "
                                + (length == 0 ? "flags" : "values of " + length + " bytes"));
            }
        }
    }
}
