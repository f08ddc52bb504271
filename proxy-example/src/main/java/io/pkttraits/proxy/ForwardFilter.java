// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import io.pkttraits.codec.Traits;
import io.pkttraits.transport.TraitsPolicy;

/**
 * Which keys of the traits that came in go on to the other side.
 *
 * @param mask bit <em>k</em> is set if key <em>k</em> goes on
 */
public record ForwardFilter(long mask) {
    public static final ForwardFilter ALL = new ForwardFilter(-1L);
    public static final ForwardFilter NONE = new ForwardFilter(0);

    /** Reads {@code all}, {@code none} or {@code KEY,KEY…}; throws {@link IllegalArgumentException} that says what is wrong. */
    public static ForwardFilter parse(String text) {
        if (text.equals("all")) {
            return ALL;
        }
        if (text.equals("none")) {
            return NONE;
        }
        long mask = 0;
        for (String key : text.split(",", -1)) {
            mask |= 1L << parseKey(key.trim());
        }
        return new ForwardFilter(mask);
    }

    /** The policy that takes everything and passes these keys on. */
    public TraitsPolicy toPolicy() {
        return TraitsPolicy.builder().forwardOnly(mask).build();
    }

    private static int parseKey(String text) {
        if (!text.isEmpty() && text.length() <= 2 && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            int key = Integer.parseInt(text);
            if (key < Traits.MAX_KEYS) {
                return key;
            }
        }
        throw new IllegalArgumentException("'" + text + "' is not a trait key of 0.." + (Traits.MAX_KEYS - 1)
                + " (expected: all, none or KEY,KEY…)");
    }
}
