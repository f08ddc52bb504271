// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import java.util.List;
import java.util.Objects;

/** Finds names and keys that are defined twice, each definition once, and names both places. */
final class DefinitionClash {
    private DefinitionClash() {}

    static void find(List<TraitDefinition> definitions, List<RegistryError> errors) {
        for (int i = 1; i < definitions.size(); i++) {
            for (int j = 0; j < i; j++) {
                String clash = between(definitions.get(j), definitions.get(i));
                if (clash != null) {
                    errors.add(new RegistryError(
                            Objects.requireNonNullElse(
                                    definitions.get(i).position(), SourcePosition.ofFile("definition")),
                            clash));
                    // One is enough: a file can have ten thousand definitions of one key, and that squared of pairs.
                    break;
                }
            }
        }
    }

    private static String between(TraitDefinition earlier, TraitDefinition later) {
        boolean isSameName = earlier.name().equals(later.name());
        if (!isSameName && (earlier.keys() & later.keys()) == 0) {
            return null;
        }
        String where = " (" + earlier.whereText() + ")";
        if (isSameName) {
            return "'" + later.name() + "' is defined already" + where;
        }
        return earlier.isSpan() || later.isSpan()
                ? later.keysText() + " of '" + later.name() + "' overlap " + earlier.keysText() + " of '"
                        + earlier.name() + "'" + where
                : later.keysText() + " of '" + later.name() + "' is that of '" + earlier.name() + "' already" + where;
    }
}
