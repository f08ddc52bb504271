// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.internal;

/**
 * The parts of a trait set that codecs read and write without a copy. {@code Traits} installs the one instance, so that its
 * API need not expose them.
 *
 * @param <T> {@code Traits}, which this package does not know
 */
public abstract class TraitsAccess<T> {
    private static volatile TraitsAccess<?> installed;

    /** To be called by the static initialiser of {@code Traits}. */
    protected TraitsAccess() {}

    /** Makes the parts available to the codecs. */
    public static void install(TraitsAccess<?> access) {
        installed = access;
    }

    /**
     * Returns the access to the parts of all trait sets.
     *
     * @param initialised any trait set, which shows that its class has installed the access
     */
    @SuppressWarnings("unchecked") // there is one T
    public static <T> TraitsAccess<T> to(T initialised) {
        return (TraitsAccess<T>) installed;
    }

    /** Takes over {@code values}: in key order without gaps, of the sizes that the words say ({@link SizeWords}). */
    public abstract T of(long doubled, long pair, long octet, byte[] values);

    /** Returns the values in key order without gaps. They are not a copy and must not be written. */
    public abstract byte[] values(T traits);

    /** Returns the keys whose values have that length, as a bit mask; 0 for a length that no value has. */
    public abstract long keysOfLength(T traits, int length);
}
