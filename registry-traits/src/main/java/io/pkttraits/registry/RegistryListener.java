// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

/**
 * Hears of a {@link LiveTraitRegistry}'s reloads, on the thread that reloads, one at a time. What {@link #reloaded} and
 * {@link #refused} throw is logged and changes nothing.
 */
public interface RegistryListener {
    /** Hears nothing. */
    RegistryListener NONE = new RegistryListener() {};

    /**
     * The files have changed and are a registry. Whoever uses its names looks here whether they are all there, and throws
     * if not: then the files are refused as if they were no registry. Not called for the registry that
     * {@link LiveTraitRegistry#watch} begins with.
     *
     * @throws IllegalArgumentException saying in one line what is missing
     */
    default void check(TraitRegistry fresh) {}

    /** The files have changed, and {@code registry} is what {@link LiveTraitRegistry#get()} returns from now on. */
    default void reloaded(TraitRegistry registry) {}

    /**
     * The files have changed and are no registry, so {@code kept} stays. Once for each error that is not the one
     * before.
     */
    default void refused(InvalidRegistryException cause, TraitRegistry kept) {}
}
