// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.bench;

import io.pkttraits.Traits;

/**
 * The traits of the datagram benchmark, as in peer.h: 64 sets of four, so that no two datagrams of a batch have the same.
 * Datagram <i>n</i> has set <i>n</i> mod 64.
 */
final class SlotTraits {
    static final int SLOTS = 64;

    private static final int SHORT_KEY = 1;
    private static final int INT_KEY = 9;
    private static final int LONG_KEY = 17;
    private static final int LAST_KEY = 33;

    private static final int SHORT_BASE = 0x1000;
    private static final int INT_BASE = 0x20000000;
    private static final long LONG_BASE = 0x3000000000000000L;
    private static final int LAST_BASE = 0x40000000;

    private SlotTraits() {}

    /** The sets by slot. */
    static Traits[] create() {
        Traits[] sets = new Traits[SLOTS];
        for (int i = 0; i < SLOTS; i++) {
            sets[i] = Traits.builder()
                    .putShort(SHORT_KEY, (short) (SHORT_BASE + i))
                    .putInt(INT_KEY, INT_BASE + i)
                    .putLong(LONG_KEY, LONG_BASE + i)
                    .putInt(LAST_KEY, LAST_BASE + i)
                    .build();
        }
        return sets;
    }

    /** Reads all four by their keys, as an application does. */
    static boolean isExpected(Traits traits, long datagram) {
        int slot = (int) (datagram % SLOTS);
        return traits.size() == 4
                && traits.getInt(SHORT_KEY, 0) == SHORT_BASE + slot
                && traits.getInt(INT_KEY, 0) == INT_BASE + slot
                && traits.getLong(LONG_KEY, 0) == LONG_BASE + slot
                && traits.getInt(LAST_KEY, 0) == LAST_BASE + slot;
    }
}
