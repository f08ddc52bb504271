// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import io.pkttraits.Traits;

/**
 * What a process asks for when it claims a name.
 *
 * @param name as in {@link TraitDefinition#name()}
 * @param keys how many consecutive keys, 1 for a value of up to 16 bytes; if the registry defines the name, what it
 *     says counts
 * @param isExclusive whether no other claim of the name may be there
 */
public record ClaimRequest(String name, int keys, boolean isExclusive) {
    /** Throws {@link IllegalArgumentException} if the name or the number of keys is none. */
    public ClaimRequest {
        if (!TraitDefinition.isName(name)) {
            throw new IllegalArgumentException("'" + name + "' is no name: " + TraitDefinition.nameRule());
        }
        if (keys < 1 || keys > Traits.MAX_KEYS) {
            throw new IllegalArgumentException(keys + " keys, not 1 to 64");
        }
    }

    /** One key, shared with whoever else claims the name so. */
    public static ClaimRequest of(String name) {
        return new ClaimRequest(name, 1, false);
    }

    /** The same, with no other claim of the name. */
    public ClaimRequest exclusively() {
        return new ClaimRequest(name, keys, true);
    }

    /** The same, of consecutive keys for {@link io.pkttraits.TraitsBuilder#putSpan}. */
    public ClaimRequest span(int consecutiveKeys) {
        return new ClaimRequest(name, consecutiveKeys, isExclusive);
    }
}
