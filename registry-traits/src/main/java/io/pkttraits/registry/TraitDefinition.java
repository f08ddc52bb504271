// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import io.pkttraits.Traits;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What one name in a registry stands for. Immutable.
 *
 * <p>An application makes a definition with a factory, and changes what differs from the defaults of a file:
 *
 * <pre>{@code
 * TraitDefinition.of("customer_id", 4, TraitType.U32).withSensitive(true)
 * TraitDefinition.ofSpan("session", 8, 11).withMaxLength(40)
 * }</pre>
 *
 * @param name {@code [a-z][a-z0-9_-]*}, at most 64 characters
 * @param firstKey the key, or the first one of a span, in 0..63
 * @param lastKey the key again, or the last one of a span, in 0..63
 * @param isSpan whether the value lies in the keys as {@link io.pkttraits.TraitsBuilder#putSpan} writes it; with
 *     {@link TraitType#BYTES} alone. One key can be a span too: it holds any length up to 14 bytes
 * @param type what the bytes mean
 * @param maxLength most bytes of a value of {@link TraitType#BYTES}; for others the bytes of every value, 0 for a flag
 * @param order of the bytes of a number; big-endian, which is network order, for all that is none
 * @param description for people; may be empty
 * @param sensitive whether values are masked wherever people see them
 * @param position where it is written; null for a definition that no file has
 */
public record TraitDefinition(
        String name,
        int firstKey,
        int lastKey,
        boolean isSpan,
        TraitType type,
        int maxLength,
        ByteOrder order,
        String description,
        boolean sensitive,
        SourcePosition position) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,63}");

    /**
     * For this package; others use {@link #of} and {@link #ofSpan}. Throws {@link IllegalArgumentException} for what no file
     * could say either.
     */
    public TraitDefinition {
        Objects.requireNonNull(order, "order");
        Objects.requireNonNull(description, "description");
        if (!isName(name)) {
            throw new IllegalArgumentException("'" + name + "' is no name: " + NAME);
        }
        Traits.mask(firstKey, lastKey); // which refuses keys that are none
        if (!isSpan && firstKey != lastKey) {
            throw new IllegalArgumentException("several keys, but no span");
        }
        if (isSpan && type != TraitType.BYTES) {
            throw new IllegalArgumentException("a span of type " + type.id() + ", not bytes");
        }
        int capacity = type == TraitType.BYTES ? capacity(isSpan, firstKey, lastKey) : type.length();
        if (maxLength > capacity || (type == TraitType.BYTES ? maxLength < 1 : maxLength != type.length())) {
            throw new IllegalArgumentException("length " + maxLength + " for " + capacity + " bytes of " + type.id());
        }
        if (!type.isNumber() && order != ByteOrder.BIG_ENDIAN) {
            throw new IllegalArgumentException(type.id() + " has no byte order");
        }
    }

    /**
     * Returns a definition of one key, with the defaults of a file: numbers in host order, values of
     * {@link TraitType#BYTES} of up to 16 bytes, no description, not sensitive.
     *
     * @throws IllegalArgumentException if the name or the key is not one that a file could have
     */
    public static TraitDefinition of(String name, int key, TraitType type) {
        boolean isBytes = type == TraitType.BYTES;
        return new TraitDefinition(
                name,
                key,
                key,
                false,
                type,
                isBytes ? Traits.MAX_VALUE_LENGTH : type.length(),
                type.isNumber() ? ByteOrder.nativeOrder() : ByteOrder.BIG_ENDIAN,
                "",
                false,
                null);
    }

    /**
     * Returns a definition of {@link TraitType#BYTES} in consecutive keys, {@code lastKey} included, with the defaults of a
     * file: as many bytes as the keys hold, no description, not sensitive.
     *
     * @throws IllegalArgumentException if the name or the keys are not ones that a file could have
     */
    public static TraitDefinition ofSpan(String name, int firstKey, int lastKey) {
        return new TraitDefinition(
                name,
                firstKey,
                lastKey,
                true,
                TraitType.BYTES,
                capacity(true, firstKey, lastKey),
                ByteOrder.BIG_ENDIAN,
                "",
                false,
                null);
    }

    /** Returns this definition with another byte order; only numbers can have another one than {@code BIG_ENDIAN}. */
    public TraitDefinition withOrder(ByteOrder newOrder) {
        return new TraitDefinition(
                name, firstKey, lastKey, isSpan, type, maxLength, newOrder, description, sensitive, position);
    }

    /** Returns this definition of {@link TraitType#BYTES} with values of at most {@code bytes} bytes. */
    public TraitDefinition withMaxLength(int bytes) {
        return new TraitDefinition(
                name, firstKey, lastKey, isSpan, type, bytes, order, description, sensitive, position);
    }

    /** Returns this definition with a text for people. */
    public TraitDefinition withDescription(String text) {
        return new TraitDefinition(name, firstKey, lastKey, isSpan, type, maxLength, order, text, sensitive, position);
    }

    /** Returns this definition with values that are masked wherever people see them, or not. */
    public TraitDefinition withSensitive(boolean isSensitive) {
        return new TraitDefinition(
                name, firstKey, lastKey, isSpan, type, maxLength, order, description, isSensitive, position);
    }

    /** Returns this definition as one of a file. */
    TraitDefinition at(SourcePosition where) {
        return new TraitDefinition(
                name, firstKey, lastKey, isSpan, type, maxLength, order, description, sensitive, where);
    }

    /** The keys as a bit mask: bit <i>n</i> stands for key <i>n</i>. */
    public long keys() {
        return Traits.mask(firstKey, lastKey);
    }

    /** {@code key 4}, or {@code keys 8-11}. */
    String keysText() {
        return isSpan ? "keys " + firstKey + "-" + lastKey : "key " + firstKey;
    }

    /** The key and what {@link #typeText} says: {@code key 4, u32 in network order}. */
    String text() {
        return keysText() + ", " + typeText();
    }

    /** The type with all that a reader of values must know: {@code u32 in network order}, {@code bytes, at most 40}. */
    String typeText() {
        if (type == TraitType.BYTES) {
            return (isSpan ? "a span of bytes, at most " : "bytes, at most ") + maxLength;
        }
        return type.isNumber()
                ? type.id() + " in " + (order == ByteOrder.BIG_ENDIAN ? "network" : "host") + " order"
                : type.id();
    }

    /** Where it is written, for people. */
    String whereText() {
        return position == null ? "not in a file" : position.toString();
    }

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    static String nameRule() {
        return NAME.pattern();
    }

    /** Most bytes of type {@link TraitType#BYTES} that the keys hold. */
    static int capacity(boolean isSpan, int firstKey, int lastKey) {
        return isSpan ? Traits.spanCapacity(firstKey, lastKey) : Traits.MAX_VALUE_LENGTH;
    }
}
