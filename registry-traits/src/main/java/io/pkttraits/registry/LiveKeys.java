// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import io.pkttraits.TraitKey;
import java.lang.ref.WeakReference;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * The typed keys of a registry that follows its files. They are held weakly: a key that nobody uses refuses no change. Not
 * thread-safe.
 */
final class LiveKeys {
    /** By name and Java type. A name has few types, so what is left of unreachable keys is bounded by the names. */
    private final Map<String, Map<Class<?>, WeakReference<TraitKey<?>>>> byName = new HashMap<>();

    /** The key of that name and type, the same one for as long as somebody holds it. */
    <T> TraitKey<T> key(TraitRegistry registry, String name, Class<T> type) {
        Map<Class<?>, WeakReference<TraitKey<?>>> ofName = byName.get(name);
        WeakReference<TraitKey<?>> known = ofName == null ? null : ofName.get(type);
        @SuppressWarnings("unchecked") // it was put with its type
        TraitKey<T> key = known == null ? null : (TraitKey<T>) known.get();
        if (key == null) {
            key = TypedKeys.of(registry, name, type);
            byName.computeIfAbsent(name, absent -> new HashMap<>()).put(type, new WeakReference<>(key));
        }
        return key;
    }

    /** Returns what keeps {@code fresh} from being used, or null: a key that its definition no longer fits. */
    RegistryError check(TraitRegistry registry, TraitRegistry fresh) {
        removeUnreachable();
        for (String name : byName.keySet()) {
            TraitDefinition was = registry.get(name);
            TraitDefinition is = fresh.get(name);
            if (is == null) {
                return new RegistryError(
                        fileOf(was),
                        "'" + name + "' is gone, but this program uses it: it was " + was.text() + " ("
                                + was.whereText() + ")");
            }
            if (!TypedKeys.isInterchangeable(was, is)) {
                return new RegistryError(
                        is.position(),
                        "'" + name + "' is now " + is.text() + ", but this program uses it as " + was.text() + " ("
                                + was.whereText() + ")");
            }
        }
        return null;
    }

    /** Makes all keys follow {@code fresh}, which {@link #check} has nothing against. */
    void follow(TraitRegistry fresh) {
        byName.forEach((name, ofName) -> {
            for (WeakReference<TraitKey<?>> reference : ofName.values()) {
                TraitKey<?> key = reference.get();
                if (key != null) {
                    TypedKeys.move(key, fresh.get(name));
                }
            }
        });
    }

    private void removeUnreachable() {
        Collection<Map<Class<?>, WeakReference<TraitKey<?>>>> all = byName.values();
        all.forEach(ofName -> ofName.values().removeIf(key -> key.get() == null));
        all.removeIf(Map::isEmpty);
    }

    private static SourcePosition fileOf(TraitDefinition definition) {
        return SourcePosition.ofFile(definition.position().file());
    }
}
