// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.hop;

import java.util.concurrent.atomic.LongAdder;

/** What happened to traits on hops without packets, counted by cause since the process started. Thread-safe. */
@SuppressWarnings("ImmutableEnumChecker") // Counting is what its constants are for.
public enum HopCounter {
    /** Requests whose field was read. */
    FIELD_READ,
    /** Requests of clients that are not believed, or in a spelling that is not ours, whose field was removed unread. */
    FIELD_REMOVED,
    /** Requests of believed clients whose field is malformed; they were served without it. */
    FIELD_MALFORMED,
    /** Requests refused for a field that contradicts the connection's traits ({@link HopMerge#ERROR}). */
    FIELD_CONFLICT,
    /** Connections that began with a PROXY header, which was taken. */
    PROXY_HEADER_READ,
    /** Connections closed for a PROXY header that is malformed, too long, missing, or not of version 2. */
    PROXY_HEADER_REFUSED,
    /** Connections whose PROXY header has malformed traits, or twice; they were served without them. */
    PROXY_TRAITS_MALFORMED,
    /** Connections closed since the PROXY header's traits contradict the SYN's ({@link HopMerge#ERROR}). */
    PROXY_TRAITS_CONFLICT;

    private final LongAdder count = new LongAdder();

    /** How often it has happened. */
    public long get() {
        return count.sum();
    }

    void increment() {
        count.increment();
    }
}
