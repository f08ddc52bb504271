// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.example.demo;

import io.pkttraits.Traits;
import io.pkttraits.registry.TraitDefinition;
import io.pkttraits.registry.TraitRegistry;
import io.pkttraits.registry.TraitType;
import java.util.List;

/** What each hop saw, one row for each trait set, with the names and values of its traits. */
final class DemoTable {
    /** A longer text is not readable in a table. */
    private static final int MAX_TRAITS = 4;

    private static final TraitRegistry NAMES = TraitRegistry.of(List.of(
            TraitDefinition.of("priority", 1, TraitType.U16),
            TraitDefinition.of("customer_id", 4, TraitType.U32),
            TraitDefinition.of("zone", 9, TraitType.U16),
            TraitDefinition.of("request_id", 17, TraitType.UUID),
            TraitDefinition.of("flow", 63, TraitType.U64)));

    private final StringBuilder text = new StringBuilder();

    /** @param unit what has one trait set each, in the first column */
    DemoTable(String unit) {
        row(unit, "client set", "proxy saw", "upstream saw");
    }

    /** Adds a row. A hop that saw the same set as the client has set says so. */
    void add(int number, Traits client, String proxy, Traits upstream) {
        row(
                String.valueOf(number),
                describe(client),
                proxy.equals(client.toString()) ? "the same" : proxy,
                upstream.equals(client) ? "the same" : upstream.toString());
    }

    private void row(String... cells) {
        text.append(String.format("%-10s  %-54s  %-9s  %s%n", (Object[]) cells));
    }

    private static String describe(Traits traits) {
        if (traits.isEmpty()) {
            return "(no traits)";
        }
        if (traits.size() > MAX_TRAITS || !areNamed(traits)) {
            return "(" + traits.size() + " traits, " + traits.valuesLength() + " bytes of values)";
        }
        String named = NAMES.format(traits);
        return named.substring(1, named.length() - 1).replace(", ", " ");
    }

    private static boolean areNamed(Traits traits) {
        for (int key = traits.nextKey(0); key >= 0; key = traits.nextKey(key + 1)) {
            if (NAMES.get(key) == null) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
