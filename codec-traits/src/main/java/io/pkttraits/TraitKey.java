// SPDX-License-Identifier: Apache-2.0
package io.pkttraits;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.pkttraits.internal.SizeWords;
import io.pkttraits.internal.TraitKeyAccess;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.UUID;

/**
 * A trait key with the Java type, the size and the byte order of its values, so that those who read and write the trait need
 * not repeat them:
 *
 * <pre>{@code
 * static final TraitKey<Integer> CUSTOMER = TraitKey.ofInt(4, ByteOrder.nativeOrder()).named("customer_id");
 *
 * int customer = traits.getInt(CUSTOMER, -1);
 * Traits forwarded = traits.with(CUSTOMER, 12345);
 * }</pre>
 *
 * <p>A registry makes such keys from its files: {@code registry.key("customer_id", Integer.class)}.
 *
 * <p>To read, use {@link Traits#get(TraitKey)}, {@link Traits#getInt(TraitKey, int)}, {@link Traits#getLong(TraitKey, long)}
 * and {@link Traits#getFlag(TraitKey)}. A value of another size, or one that is not of the key's type, reads as absent. To
 * write, use {@link Traits#with(TraitKey, Object)}, {@link TraitsBuilder#put(TraitKey, Object)},
 * {@link TraitsBuilder#putInt(TraitKey, int)} and {@link TraitsBuilder#putLong(TraitKey, long)}. A value that does not fit is
 * an {@link IllegalArgumentException} that names the key, but not the value, which may be secret.
 *
 * <p>A key of a {@code LiveTraitRegistry} follows the registry's files: its number can change. The change is a volatile write, so
 * other threads see it. The type, the size and the byte order never change. Safe to share between threads. Two keys are equal only if
 * they are the same object.
 *
 * @param <T> the Java type of the values
 */
public final class TraitKey<T> {
    static {
        TraitKeyAccess.install(new Access());
    }

    private final String name;
    private final Class<T> type;
    private final ValueType<T> values;
    private final int keyCount;
    private final boolean isSpan;
    private final int length;
    private final int sizeCode;
    private final long max;
    private final ByteOrder order;
    private volatile int firstKey;

    private TraitKey(
            String name,
            Class<T> type,
            int firstKey,
            int lastKey,
            boolean isSpan,
            int length,
            long max,
            ByteOrder order) {
        TraitSpan.check(firstKey, lastKey);
        this.name = name;
        this.type = type;
        this.values = ValueType.of(type);
        this.firstKey = firstKey;
        this.keyCount = lastKey - firstKey + 1;
        this.isSpan = isSpan;
        this.length = length;
        this.sizeCode = SizeWords.code(length);
        this.max = max;
        this.order = Objects.requireNonNull(order, "order");
    }

    /**
     * Returns the key of a flag. Its value is {@code true} where the flag is present and null elsewhere; putting
     * {@code false} removes the flag.
     */
    public static TraitKey<Boolean> ofFlag(int key) {
        return single(Boolean.class, key, 0, 0, BIG_ENDIAN);
    }

    /** Returns the key of a number of 2 bytes, which reads as 0 to 65535. */
    public static TraitKey<Integer> ofUnsignedShort(int key, ByteOrder order) {
        return single(Integer.class, key, 2, 0xffff, order);
    }

    /** Returns the key of a number of 4 bytes. Numbers from 2<sup>31</sup> on read as negative ones. */
    public static TraitKey<Integer> ofInt(int key, ByteOrder order) {
        return single(Integer.class, key, 4, 0xffffffffL, order);
    }

    /** Returns the key of a number of 4 bytes, which reads as 0 to 2<sup>32</sup>-1. */
    public static TraitKey<Long> ofUnsignedInt(int key, ByteOrder order) {
        return single(Long.class, key, 4, 0xffffffffL, order);
    }

    /** Returns the key of a number of 8 bytes. Numbers from 2<sup>63</sup> on read as negative ones. */
    public static TraitKey<Long> ofLong(int key, ByteOrder order) {
        return single(Long.class, key, 8, -1L, order);
    }

    /** Returns the key of an IPv4 address: 4 bytes in network order. */
    public static TraitKey<InetAddress> ofIpv4(int key) {
        return single(InetAddress.class, key, 4, 0, BIG_ENDIAN);
    }

    /**
     * Returns the key of an IPv6 address: 16 bytes in network order. An IPv4 address is put as an IPv4-mapped one, which is
     * what Java reads back as an IPv4 address. A scope is not kept.
     */
    public static TraitKey<InetAddress> ofIpv6(int key) {
        return single(InetAddress.class, key, 16, 0, BIG_ENDIAN);
    }

    /** Returns the key of a UUID: 16 bytes in network order (RFC 9562). */
    public static TraitKey<UUID> ofUuid(int key) {
        return single(UUID.class, key, 16, 0, BIG_ENDIAN);
    }

    /** Returns the key of 2, 4, 8 or 16 bytes. Other lengths are refused, not padded. */
    public static TraitKey<byte[]> ofBytes(int key) {
        return single(byte[].class, key, Traits.MAX_VALUE_LENGTH, 0, BIG_ENDIAN);
    }

    /** Returns the keys of a value of any length, as {@link TraitsBuilder#putSpan} writes it; {@code lastKey} is included. */
    public static TraitKey<byte[]> ofSpan(int firstKey, int lastKey) {
        return span(byte[].class, firstKey, lastKey);
    }

    /**
     * Returns the keys of a text of any length in UTF-8, as {@link TraitsBuilder#putSpan} writes it; {@code lastKey} is
     * included. Bytes that are not UTF-8 read as absent.
     */
    public static TraitKey<String> ofText(int firstKey, int lastKey) {
        return span(String.class, firstKey, lastKey);
    }

    private static <T> TraitKey<T> single(Class<T> type, int key, int length, long max, ByteOrder order) {
        TraitsBuilder.check(key, length);
        return new TraitKey<>(null, type, key, key, false, length, max, order);
    }

    private static <T> TraitKey<T> span(Class<T> type, int firstKey, int lastKey) {
        int capacity = Traits.spanCapacity(firstKey, lastKey);
        return new TraitKey<>(null, type, firstKey, lastKey, true, capacity, 0, BIG_ENDIAN);
    }

    /** Returns a key that messages call by this name. It does not follow this key if this one moves. */
    public TraitKey<T> named(String newName) {
        int first = firstKey;
        return new TraitKey<>(newName, type, first, lastKey(first), isSpan, length, max, order);
    }

    /** The name, or null if the key has none. */
    public String name() {
        return name;
    }

    /** The Java type of the values. */
    public Class<T> type() {
        return type;
    }

    /** The number of the key, 0 to 63; of a span the first one. */
    public int firstKey() {
        return firstKey;
    }

    /** The number of the key, 0 to 63; of a span the last one. */
    public int lastKey() {
        return lastKey(firstKey);
    }

    /** The key, or the keys of a span, as a bit mask for {@link Traits#only}. */
    public long keys() {
        return keys(firstKey);
    }

    /** Returns true if the value lies in the keys as {@link TraitsBuilder#putSpan} writes it. One key can be a span too. */
    public boolean isSpan() {
        return isSpan;
    }

    /** Bytes of each value, 0 for a flag; of {@code byte[]} and {@code String} the most. */
    public int length() {
        return length;
    }

    /** The byte order of numbers; big-endian, which is network order, for all other types. */
    public ByteOrder order() {
        return order;
    }

    /** The name if there is one, and the number: <code>'customer_id' (trait key 4)</code>. */
    @Override
    public String toString() {
        int first = firstKey;
        String numbers = isSpan ? "trait keys " + first + "-" + lastKey(first) : "trait key " + first;
        return name == null ? numbers : "'" + name + "' (" + numbers + ")";
    }

    // A caller that needs several answers asks for the number once and hands it in: the number can change in between.

    int lastKey(int first) {
        return first + keyCount - 1;
    }

    long keys(int first) {
        return TraitSpan.keys(first, lastKey(first));
    }

    /** The size of each value as {@link SizeWords} has it. Means nothing for bytes and spans, whose sizes differ. */
    int sizeCode() {
        return sizeCode;
    }

    /** The largest number, unsigned. */
    long max() {
        return max;
    }

    T get(Traits traits) {
        return values.get(traits, this, firstKey);
    }

    /** The value's bytes, or null for a flag to be removed. */
    byte[] bytes(T value) {
        return values.bytes(this, Objects.requireNonNull(value, "value"));
    }

    /** Returns the number; throws if it is none of this key's. */
    long checkNumber(long value) {
        if (Long.compareUnsigned(value, max) > 0) {
            throw misfit("it is not in 0.." + Long.toUnsignedString(max));
        }
        return value;
    }

    IllegalArgumentException misfit(String why) {
        return new IllegalArgumentException("the value does not fit " + this + ": " + why);
    }

    /** What a registry may do. */
    private static final class Access extends TraitKeyAccess<TraitKey<?>> {
        @Override
        public TraitKey<?> create(
                String name,
                Class<?> type,
                int firstKey,
                int lastKey,
                boolean isSpan,
                int length,
                long max,
                ByteOrder order) {
            return new TraitKey<>(name, type, firstKey, lastKey, isSpan, length, max, order);
        }

        @Override
        public void move(TraitKey<?> key, int firstKey) {
            TraitSpan.check(firstKey, key.lastKey(firstKey));
            key.firstKey = firstKey;
        }
    }
}
