// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import io.pkttraits.Traits;
import java.time.Duration;
import java.time.Instant;

/**
 * Finds keys for a name that has none: never those that the registry defines, that are claimed or that rest. Keys that
 * nobody had come before those whose names may come back, and high ones before low ones, which people tend to define.
 */
final class KeyChoice {
    private final TraitRegistry registry;
    private final ClaimTable table;
    private final Duration rest;
    private final Instant now;

    KeyChoice(TraitRegistry registry, ClaimTable table, Duration rest, Instant now) {
        this.registry = registry;
        this.table = table;
        this.rest = rest;
        this.now = now;
    }

    /** Whether the keys were claimed until lately. */
    boolean rests(ClaimTable.Keys keys) {
        return keys.freed() != null && keys.freed().plus(rest).isAfter(now);
    }

    /** Free keys, which nobody else has any more when this returns. */
    ClaimTable.Keys choose(String name, int count) throws TraitClaimException {
        long unusable = registry.keys();
        long remembered = 0;
        for (ClaimTable.Keys keys : table.keys) {
            if (keys.freed() == null || rests(keys)) {
                unusable |= keys.mask();
            } else {
                remembered |= keys.mask();
            }
        }
        int first = highest(unusable | remembered, count);
        if (first < 0) {
            first = longestFreed(unusable, count);
        }
        if (first < 0) {
            throw noKeys(name, count);
        }
        ClaimTable.Keys chosen = new ClaimTable.Keys(first, first + count - 1, name, null);
        table.keys.removeIf(keys -> (keys.mask() & chosen.mask()) != 0);
        return chosen;
    }

    private static int highest(long unusable, int count) {
        for (int first = Traits.MAX_KEYS - count; first >= 0; first--) {
            if ((unusable & run(first, count)) == 0) {
                return first;
            }
        }
        return -1;
    }

    /** Of the runs that take keys from others, the one whose last holder has been gone for longest. */
    private int longestFreed(long unusable, int count) {
        int best = -1;
        Instant bestFreed = Instant.MAX;
        for (int first = Traits.MAX_KEYS - count; first >= 0; first--) {
            Instant freed = Instant.MIN;
            for (ClaimTable.Keys keys : table.keys) {
                if ((keys.mask() & run(first, count)) != 0
                        && keys.freed() != null
                        && keys.freed().isAfter(freed)) {
                    freed = keys.freed();
                }
            }
            if ((unusable & run(first, count)) == 0 && freed.isBefore(bestFreed)) {
                best = first;
                bestFreed = freed;
            }
        }
        return best;
    }

    private static long run(int first, int count) {
        return Traits.mask(first, first + count - 1);
    }

    private TraitClaimException noKeys(String name, int count) {
        long claimed = 0;
        long resting = 0;
        for (ClaimTable.Keys keys : table.keys) {
            claimed |= keys.freed() == null ? keys.mask() : 0;
            resting |= rests(keys) ? keys.mask() : 0;
        }
        return new TraitClaimException(
                "no " + (count == 1 ? "key is" : count + " consecutive keys are") + " free for '" + name + "': "
                        + Long.bitCount(claimed) + " are claimed, " + Long.bitCount(registry.keys())
                        + " defined, " + Long.bitCount(resting) + " rest for up to " + rest.toSeconds() + " s");
    }
}
