// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.pool;

import java.util.ArrayDeque;
import java.util.LinkedHashSet;

/** What a {@link PoolLedger} knows of one key. */
final class KeyedPool {
    final UpstreamKey key;

    /** The latest used last. */
    final ArrayDeque<PooledConnection> idle = new ArrayDeque<>();

    /** The longest waiting first. */
    final LinkedHashSet<PoolWaiter> waiters = new LinkedHashSet<>();

    /** Open, being opened or being closed. */
    int connections;

    /** How many waiters a new connection each could serve. */
    int wanted;

    /** The ticket of the first of those, or 0 if there is none. */
    long neediest;

    KeyedPool(UpstreamKey key) {
        this.key = key;
    }

    PoolWaiter firstWaiter() {
        return waiters.iterator().next();
    }

    boolean isEmpty() {
        return connections == 0 && waiters.isEmpty();
    }
}
