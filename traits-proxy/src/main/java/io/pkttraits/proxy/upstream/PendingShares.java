// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.upstream;

import io.pkttraits.proxy.net.ClientNetwork;
import java.util.HashMap;
import java.util.Map;

/**
 * How many requests of each client wait for an upstream connection, so that none fills the queue that all wait in. Knows only
 * clients of which one waits; a request that is served at once need not be counted, and asking allocates nothing.
 *
 * <p>Confined to one event loop.
 */
final class PendingShares {
    private final int share;
    private final Map<ClientNetwork, Integer> waiting = new HashMap<>();

    /** @param share how many of one client may wait at a time */
    PendingShares(int share) {
        this.share = share;
    }

    /** Whether no more of {@code client} may wait. */
    boolean isFull(ClientNetwork client) {
        Integer count = waiting.get(client);
        return count != null && count >= share;
    }

    /** One more waits, to be taken out again by {@link #remove} exactly once. */
    void add(ClientNetwork client) {
        waiting.merge(client, 1, Integer::sum);
    }

    void remove(ClientNetwork client) {
        waiting.computeIfPresent(client, (of, count) -> count == 1 ? null : count - 1);
    }

    /** Clients of which a request waits. */
    int clients() {
        return waiting.size();
    }

    /** Why a request of {@code client} is refused. */
    ShareExhaustedException refusal(ClientNetwork client) {
        return new ShareExhaustedException(waiting.get(client) + " requests of " + client
                + " wait already for a connection, as many as one client may have");
    }
}
