// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.bench;

import io.pkttraits.Traits;

/** The set that every benchmark uses: 8 traits of 4 and 8 bytes, which every format can hold. */
final class EightTraits {
    /** Keys 0 and 63 are free, so that a trait can be added before and behind all others. */
    static final int FREE_BEFORE = 0;

    static final int FREE_BEHIND = 63;

    /** A key with a 4-byte value that has values of both sizes before and behind it. */
    static final int INT_KEY = 33;

    /** A key with an 8-byte value, likewise. */
    static final int LONG_KEY = 25;

    private EightTraits() {}

    static Traits create() {
        return Traits.builder()
                .putInt(1, 0x01020304)
                .putLong(9, 0x1112131415161718L)
                .putInt(17, 0x21222324)
                .putLong(LONG_KEY, 0x3132333435363738L)
                .putInt(INT_KEY, 0x41424344)
                .putLong(41, 0x5152535455565758L)
                .putInt(49, 0x61626364)
                .putLong(57, 0x7172737475767778L)
                .build();
    }
}
