// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import io.pkttraits.Traits;
import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.TraitsException;

/**
 * The room that a carrier has for traits.
 *
 * @param what what holds them, and in which form, for messages
 * @param limit bytes
 * @param headLength bytes that a trait takes beside those of its value
 */
record SizeLimit(String what, int limit, int headLength) {
    /**
     * Refuses a set that does not fit.
     *
     * @throws TraitsException naming the first key, in ascending order, that is too much, and the sizes
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
