// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

/** The suite on the transports of this module. */
final class SynTraitsTest extends SynTraitsSuite {}
