// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import io.pkttraits.Traits;
import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.TraitsException;
import java.util.function.IntPredicate;

/**
 * The value sizes that a kernel carries, which differ between versions of the RFC. A trait set with another size is
 * refused before any of it is set.
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
     * Refuses a trait set that has a value of another size.
     *
     * @throws TraitsException naming the trait key
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
