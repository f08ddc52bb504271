// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.internal;

import java.nio.ByteOrder;

/**
 * What a registry can do with a typed key and an application cannot. {@code TraitKey} installs the one instance, so that its
 * API need not expose it.
 *
 * @param <K> {@code TraitKey<?>}, which this package does not know
 */
public abstract class TraitKeyAccess<K> {
    private static volatile TraitKeyAccess<?> installed;

    /** To be called by the static initialiser of {@code TraitKey}. */
    protected TraitKeyAccess() {}

    /** Makes the access available. */
    public static void install(TraitKeyAccess<?> access) {
        installed = access;
    }

    /**
     * Returns the access to all typed keys.
     *
     * @param initialised any typed key, which shows that its class has installed the access
     */
    @SuppressWarnings("unchecked") // there is one K
    public static <K> TraitKeyAccess<K> to(K initialised) {
        return (TraitKeyAccess<K>) installed;
    }

    /**
     * Makes a key.
     *
     * @param name for messages
     * @param type one that suits the length
     * @param isSpan whether the value lies in the keys as a span
     * @param length bytes of each value; of bytes and text the most
     * @param max the largest number, unsigned
     */
    public abstract K create(
            String name,
            Class<?> type,
            int firstKey,
            int lastKey,
            boolean isSpan,
            int length,
            long max,
            ByteOrder order);

    /** Makes the key, or the span of keys, begin at another number. */
    public abstract void move(K key, int firstKey);
}
