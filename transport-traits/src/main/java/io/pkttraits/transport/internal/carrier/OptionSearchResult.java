// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

/** The result of a search for our option among a packet's IP options. */
public enum OptionSearchResult {
    /** Our option, once: the buffer's indexes enclose its TLVs. */
    FOUND,
    /** No packet: the kernel has kept none. */
    NO_PACKET,
    /** No option of our type. */
    ABSENT,
    /** Options of our type, but all with another experiment's ID. */
    FOREIGN,
    /** Lengths that do not add up, or our option more than once. */
    MALFORMED,
    /** Our option together with a source route. Trust depends on the source address, which proves nothing then. */
    SOURCE_ROUTED
}
