// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import io.pkttraits.Traits;
import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.TraitsException;

/**
 * The room that a carrier has for traits.
 *
 * @param what names the room in messages
 * @param limit its bytes
 * @param headLength bytes that a trait takes in addition to its value
 */
record SizeLimit(String what, int limit, int headLength) {
    /**
     * Refuses a trait set that does not fit.
     *
     * @throws TraitsException naming the first trait key, in ascending order, that does not fit, and the sizes
     */
    void require(CarrierType carrier, Traits traits) throws TraitsException {
        int length = traits.valuesLength() + headLength * traits.size();
        if (length <= limit) {
            return;
        }
        int key = traits.nextKey(0);
        for (int used = take(traits, key); used <= limit; used += take(traits, key)) {
            key = traits.nextKey(key + 1);
        }
        throw TraitsException.refused(
                carrier,
                key,
                "cannot send " + traits.size() + " traits: they take " + length + " bytes, " + what + " holds " + limit
                        + "; key " + key + " of " + traits.length(key) + " bytes is the first that does not fit");
    }

    private int take(Traits traits, int key) {
        return headLength + traits.length(key);
    }
}
