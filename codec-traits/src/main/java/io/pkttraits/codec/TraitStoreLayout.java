// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.codec;

/**
 * What the two size bits of a key mean in a trait store: which value lengths, in bytes, the store can hold.
 *
 * <pre>
 *   high low   RFC_V1   RFC_V2        TALK
 *     0   0    absent   absent        absent
 *     0   1      2      0, a flag        4
 *     1   0      4      4                8
 *     1   1      8      8               16
 * </pre>
 */
public enum TraitStoreLayout {
    /** The first RFC series (March 2025), and its authors' development branch. */
    RFC_V1(2, 4, 8),
    /** The second RFC series (April 2025). */
    RFC_V2(0, 4, 8),
    /** The talk's proposal (Netdev 0x19, March 2025). */
    TALK(4, 8, 16);

    private final int low;
    private final int high;
    private final int both;

    TraitStoreLayout(int low, int high, int both) {
        this.low = low;
        this.high = high;
        this.both = both;
    }

    /** Length of a value whose low bit alone is set. */
    int low() {
        return low;
    }

    /** Length of a value whose high bit alone is set. */
    int high() {
        return high;
    }

    /** Length of a value with both bits set. */
    int both() {
        return both;
    }

    /** Whether a store can hold values of {@code length} bytes, 0 being a flag. */
    public boolean supports(int length) {
        return length == low || length == high || length == both;
    }
}
