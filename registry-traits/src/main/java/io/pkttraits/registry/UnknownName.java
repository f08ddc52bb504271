// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Says of a name that a registry lacks what could have been meant. */
final class UnknownName {
    private static final int MOST_SHOWN = 3;

    /** Edits that a typing error takes: a letter too many, one too few, two swapped. */
    private static final int MOST_EDITS = 2;

    private UnknownName() {}

    static String message(TraitRegistry registry, String name) {
        List<String> names =
                registry.definitions().stream().map(TraitDefinition::name).toList();
        String unknown = "no trait is called '" + RegistryFile.oneLine(name) + "'";
        if (names.isEmpty()) {
            return unknown + ": the registry is empty";
        }
        List<String> similar = names.stream()
                .filter(known -> isSimilar(known, name))
                .sorted(Comparator.comparingInt(known -> edits(known, name)))
                .limit(MOST_SHOWN)
                .toList();
        return similar.isEmpty()
                ? unknown + ": the registry has " + names.size() + (names.size() == 1 ? " name" : " names") + " from "
                        + sources(registry)
                : unknown + "; similar names: " + String.join(", ", similar);
    }

    private static String sources(TraitRegistry registry) {
        return registry.definitions().stream()
                .map(definition -> definition.position() == null
                        ? "code"
                        : definition.position().file())
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private static boolean isSimilar(String known, String name) {
        // Two edits make any name of two letters of any other one.
        return name.length() <= known.length() + MOST_EDITS
                && (edits(known, name) <= Math.min(MOST_EDITS, known.length() - 2)
                        || (name.length() >= 3 && known.contains(name)));
    }

    /** How many letters to insert, remove or replace. */
    private static int edits(String one, String other) {
        int[] before = new int[other.length() + 1];
        for (int j = 0; j < before.length; j++) {
            before[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] row = new int[before.length];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = before[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(before[j], row[j - 1]) + 1);
            }
            before = row;
        }
        return before[other.length()];
    }
}
