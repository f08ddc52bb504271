// SPDX-License-Identifier: Apache-2.0

/**
 * The trait set: {@link io.pkttraits.Traits}, immutable, and the {@link io.pkttraits.TraitsBuilder} that makes one.
 */
package io.pkttraits;
