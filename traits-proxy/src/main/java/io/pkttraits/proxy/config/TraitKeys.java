// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.config;

import io.pkttraits.Traits;
import io.pkttraits.registry.TraitDefinition;
import io.pkttraits.registry.TraitRegistry;

/** Keys as configuration has them: numbers, and names of a registry, which may stand for several keys. */
final class TraitKeys {
    private final TraitRegistry registry;

    TraitKeys(TraitRegistry registry) {
        this.registry = registry;
    }

    /** The keys as a bit mask; throws {@link IllegalArgumentException} that says what is wrong. */
    long mask(Iterable<String> keys) {
        long mask = 0;
        for (String key : keys) {
            mask |= mask(key);
        }
        return mask;
    }

    long mask(String key) {
        TraitDefinition definition = registry.get(key);
        return definition != null ? definition.keys() : 1L << number(key);
    }

    /** The one key that a name stands for. */
    int one(String key) {
        long mask = mask(key);
        if (Long.bitCount(mask) != 1) {
            throw new IllegalArgumentException("'" + key + "' stands for several keys");
        }
        return Long.numberOfTrailingZeros(mask);
    }

    /** The definition of a name or of a number, or {@code null}. */
    TraitDefinition definition(String key) {
        TraitDefinition named = registry.get(key);
        return named != null ? named : registry.get(number(key));
    }

    /** Whether values of a key are not to be seen. */
    boolean isSensitive(String key) {
        TraitDefinition definition = definition(key);
        return definition != null && definition.sensitive();
    }

    private static int number(String key) {
        if (key.matches("[0-9]{1,2}") && Integer.parseInt(key) < Traits.MAX_KEYS) {
            return Integer.parseInt(key);
        }
        throw new IllegalArgumentException(
                "'" + key + "' is neither a key of 0.." + (Traits.MAX_KEYS - 1) + " nor a name in the registry");
    }
}
