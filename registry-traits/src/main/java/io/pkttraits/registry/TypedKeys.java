// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import io.pkttraits.TraitKey;
import io.pkttraits.internal.TraitKeyAccess;
import java.lang.invoke.MethodType;
import java.util.stream.Collectors;

/** Makes typed keys of definitions. */
final class TypedKeys {
    private static final TraitKeyAccess<TraitKey<?>> ACCESS = TraitKeyAccess.to(TraitKey.ofFlag(0));

    private TypedKeys() {}

    /** Throws {@link IllegalArgumentException} if there is no such name, or if its values are not of that Java type. */
    static <T> TraitKey<T> of(TraitRegistry registry, String name, Class<T> type) {
        TraitDefinition definition = registry.get(name);
        if (definition == null) {
            throw new IllegalArgumentException(UnknownName.message(registry, name));
        }
        // int.class is a Class<Integer> too.
        Class<?> boxed = MethodType.methodType(type).wrap().returnType();
        if (!definition.type().javaTypes().contains(boxed)) {
            String fitting = definition.type().javaTypes().stream()
                    .map(Class::getSimpleName)
                    .collect(Collectors.joining(" or "));
            throw new IllegalArgumentException("'" + name + "' is not a trait of " + type.getSimpleName()
                    + " values: it is defined as " + definition.typeText() + " (" + definition.whereText()
                    + "), which fits " + fitting);
        }
        @SuppressWarnings("unchecked") // the key has the boxed type, which is T
        TraitKey<T> key = (TraitKey<T>) ACCESS.create(
                name,
                boxed,
                definition.firstKey(),
                definition.lastKey(),
                definition.isSpan(),
                definition.maxLength(),
                definition.type().max(),
                definition.order());
        return key;
    }

    static void move(TraitKey<?> key, TraitDefinition definition) {
        ACCESS.move(key, definition.firstKey());
    }

    /** Whether a key of one definition reads and writes the values of the other one. */
    static boolean isInterchangeable(TraitDefinition one, TraitDefinition other) {
        return one.type() == other.type()
                && one.order() == other.order()
                && one.isSpan() == other.isSpan()
                && one.lastKey() - one.firstKey() == other.lastKey() - other.firstKey()
                && one.maxLength() == other.maxLength();
    }
}
