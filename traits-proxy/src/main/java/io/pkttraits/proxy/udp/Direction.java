// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.udp;

import io.pkttraits.Traits;
import java.util.concurrent.atomic.LongAdder;

/** The totals of what goes one way. Thread-safe. */
final class Direction {
    private final LongAdder received = new LongAdder();
    private final LongAdder sent = new LongAdder();
    private final LongAdder sentBytes = new LongAdder();
    private final LongAdder sentTraits = new LongAdder();

    void received() {
        received.increment();
    }

    /** Counts a datagram that the kernel took. */
    void sent(int payloadBytes, Traits traits) {
        sent.increment();
        sentBytes.add(payloadBytes);
        if (!traits.isEmpty()) {
            sentTraits.increment();
        }
    }

    /** {@code {received=… sent=… bytes=… with-traits=…}}, the bytes being those of the payload sent. */
    @Override
    public String toString() {
        return "{received=" + received + " sent=" + sent + " bytes=" + sentBytes + " with-traits=" + sentTraits + "}";
    }
}
