// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import io.pkttraits.Traits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Which keys were given to which names, and who claims them: what the file {@code claims} says, a line each.
 *
 * <pre>
 *   pkttraits-claims 1
 *   key FIRST LAST NAME FREED              FREED: when the last claim ended, in ms since 1970; - while there is one
 *   claim SLOT NAME shared|exclusive PID SINCE COMMAND
 * </pre>
 */
final class ClaimTable {
    static final int MAX_CLAIMS = 4096;
    private static final String HEADER = "pkttraits-claims 1";

    /** Keys that belong to a name; {@code freed} is null while the name is claimed. */
    record Keys(int firstKey, int lastKey, String name, Instant freed) {
        long mask() {
            return Traits.mask(firstKey, lastKey);
        }

        Keys freedAt(Instant when) {
            return new Keys(firstKey, lastKey, name, when);
        }

        String text() {
            return firstKey == lastKey ? "key " + firstKey : "keys " + firstKey + "-" + lastKey;
        }
    }

    /** A claim, which lives as long as its slot is locked. */
    record Claim(int slot, ClaimHolder holder) {
        String name() {
            return holder.name();
        }
    }

    final List<Keys> keys = new ArrayList<>();
    final List<Claim> claims = new ArrayList<>();

    /** The keys of a name, or null. */
    Keys keysOf(String name) {
        return keys.stream().filter(one -> one.name().equals(name)).findFirst().orElse(null);
    }

    List<ClaimHolder> holdersOf(String name) {
        return claims.stream()
                .map(Claim::holder)
                .filter(holder -> holder.name().equals(name))
                .toList();
    }

    /** Replaces what is there of the name. */
    void put(Keys fresh) {
        keys.removeIf(one -> one.name().equals(fresh.name()));
        keys.add(fresh);
    }

    /** Removes a claim. {@link #settle} then says what becomes of its keys. */
    void remove(int slot) {
        claims.removeIf(claim -> claim.slot() == slot);
    }

    /**
     * Lets keys rest from {@code now} on whose last claim has been removed, and those that would rest from a later
     * time, since the clock was set back. Returns whether there were any.
     */
    boolean settle(Instant now) {
        List<Keys> before = List.copyOf(keys);
        keys.replaceAll(one -> {
            if (!holdersOf(one.name()).isEmpty()) {
                return one.freedAt(null);
            }
            return one.freed() == null || one.freed().isAfter(now) ? one.freedAt(now) : one;
        });
        return !keys.equals(before);
    }

    boolean hasSlot(int slot) {
        return claims.stream().anyMatch(claim -> claim.slot() == slot);
    }

    String format() {
        StringBuilder text = new StringBuilder(HEADER).append('\n');
        for (Keys one : keys) {
            text.append("key ").append(one.firstKey()).append(' ').append(one.lastKey());
            text.append(' ').append(one.name()).append(' ');
            text.append(one.freed() == null ? "-" : Long.toString(one.freed().toEpochMilli()))
                    .append('\n');
        }
        for (Claim claim : claims) {
            ClaimHolder holder = claim.holder();
            text.append("claim ").append(claim.slot()).append(' ').append(holder.name());
            text.append(holder.isExclusive() ? " exclusive " : " shared ").append(holder.pid());
            text.append(' ').append(holder.since().toEpochMilli()).append(' ');
            text.append(holder.command()).append('\n');
        }
        return text.toString();
    }

    /** Reads it back; throws {@link IllegalArgumentException} for whatever {@link #format} does not write. */
    static ClaimTable parse(String text) {
        String[] lines = text.split("\n", -1);
        if (!lines[0].equals(HEADER) || !lines[lines.length - 1].isEmpty()) {
            throw new IllegalArgumentException("it does not begin with '" + HEADER + "', or ends within a line");
        }
        ClaimTable table = new ClaimTable();
        for (int i = 1; i < lines.length - 1; i++) {
            try {
                table.add(lines[i]);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("line " + (i + 1) + ": " + e.getMessage(), e);
            }
        }
        return table;
    }

    private void add(String line) {
        String[] words = line.split(" ", 7);
        if (words[0].equals("key") && words.length == 5) {
            Keys fresh = new Keys(
                    Integer.parseInt(words[1]),
                    Integer.parseInt(words[2]),
                    name(words[3]),
                    words[4].equals("-") ? null : Instant.ofEpochMilli(Long.parseLong(words[4])));
            boolean areKeys =
                    fresh.firstKey() >= 0 && fresh.firstKey() <= fresh.lastKey() && fresh.lastKey() < Traits.MAX_KEYS;
            if (!areKeys || keysOf(fresh.name()) != null || (mask() & fresh.mask()) != 0) {
                throw new IllegalArgumentException("keys out of range, or given twice");
            }
            keys.add(fresh);
        } else if (words[0].equals("claim") && words.length == 7) {
            int slot = Integer.parseInt(words[1]);
            boolean isMode = words[3].equals("exclusive") || words[3].equals("shared");
            if (slot < 0 || slot >= MAX_CLAIMS || hasSlot(slot) || !isMode || keysOf(words[2]) == null) {
                throw new IllegalArgumentException("no claim of a name that has keys");
            }
            claims.add(new Claim(
                    slot,
                    new ClaimHolder(
                            words[2],
                            words[3].equals("exclusive"),
                            Long.parseLong(words[4]),
                            words[6],
                            Instant.ofEpochMilli(Long.parseLong(words[5])))));
        } else {
            throw new IllegalArgumentException("neither key nor claim");
        }
    }

    /** All keys that belong to names. */
    long mask() {
        long mask = 0;
        for (Keys one : keys) {
            mask |= one.mask();
        }
        return mask;
    }

    private static String name(String name) {
        if (!TraitDefinition.isName(name)) {
            throw new IllegalArgumentException("no name");
        }
        return name;
    }
}
