// SPDX-License-Identifier: Apache-2.0

/**
 * Trait sets: {@link io.pkttraits.Traits} is an immutable trait set, {@link io.pkttraits.TraitsBuilder} builds one. {@link
 * io.pkttraits.TraitKey} is a trait key with a Java type, {@link io.pkttraits.TraitsKey} a trait set as part of a pool key.
 */
package io.pkttraits;
