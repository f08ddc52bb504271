// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

/**
 * Hears of a {@link LiveTraitRegistry}'s reloads, on the thread that reloads, one at a time. What it throws is logged
 * and changes nothing.
 */
public interface RegistryListener {
    /** Hears nothing. */
    RegistryListener NONE = new RegistryListener() {};

    /** The files have changed, and {@code registry} is what {@link LiveTraitRegistry#get()} returns from now on. */
    default void reloaded(TraitRegistry registry) {}

    /**
     * The files have changed and are no registry, so {@code kept} stays. Once for each error that is not the one
     * before.
     */
    default void refused(InvalidRegistryException cause, TraitRegistry kept) {}
}
