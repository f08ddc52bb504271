// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import java.time.Instant;

/**
 * Who holds a claim, for people: the claim itself is a lock of the kernel's, not a process id.
 *
 * @param name what is claimed
 * @param isExclusive whether no other claim of the name may be there
 * @param pid the process, as it sees its own number
 * @param command its program, without arguments, which may be secret
 * @param since when it claimed the name, by its own clock
 */
public record ClaimHolder(String name, boolean isExclusive, long pid, String command, Instant since) {
    /** {@code pid 4711 (io.example.Main) since 2026-01-01T00:00:00Z}. */
    @Override
    public String toString() {
        return "pid " + pid + " (" + command + ") since " + since;
    }
}
