// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.config;

import java.util.Arrays;
import java.util.List;

/**
 * Which keys of the traits that came in go on to the other side, as the command line says it.
 *
 * @param keys numbers, and names that are yet to be looked up; {@code null} for all there are
 */
record ForwardFilter(List<String> keys) {
    static final ForwardFilter ALL = new ForwardFilter(null);

    /** Reads {@code all}, {@code none} or {@code KEY,KEY…}; throws {@link IllegalArgumentException} that says what is wrong. */
    static ForwardFilter parse(String text) {
        if (text.equals("all")) {
            return ALL;
        }
        if (text.equals("none")) {
            return new ForwardFilter(List.of());
        }
        List<String> keys = Arrays.stream(text.split(",", -1)).map(String::trim).toList();
        for (String key : keys) {
            if (key.isEmpty() || key.equals("all") || key.equals("none")) {
                throw new IllegalArgumentException(
                        "'" + key + "' is not a trait key (expected: all, none or KEY,KEY…)");
            }
        }
        return new ForwardFilter(keys);
    }

    /** The keys as a bit mask; throws {@link IllegalArgumentException} naming the one that is none. */
    long mask(TraitKeys names) {
        return keys == null ? -1L : names.mask(keys);
    }
}
