// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

/** What looking for our option among a packet's options found. */
public enum OptionSearchResult {
    /** Our option, once: the buffer's indexes enclose its TLVs. */
    FOUND,
    /** No packet: the kernel has kept none. */
    NO_PACKET,
    /** No option of our type. */
    ABSENT,
    /** Options of our type, all of other experiments. */
    FOREIGN,
    /** Lengths that do not add up, or our option more than once. */
    MALFORMED,
    /** Our option beside a source route: the source address that trust is judged by proves nothing then. */
    SOURCE_ROUTED
}
