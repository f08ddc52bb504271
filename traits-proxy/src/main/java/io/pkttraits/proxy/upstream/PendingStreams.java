// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.upstream;

import io.pkttraits.proxy.net.ClientNetwork;
import java.util.concurrent.RejectedExecutionException;

/**
 * The requests of one event loop that wait for a stream: their order, how many there may be, and how many of each client.
 *
 * <p>Confined to the event loop.
 */
final class PendingStreams {
    private final int max;
    private final PendingShares shares;
    private int waiting;
    private long tickets;

    PendingStreams(int max, PendingShares shares) {
        this.max = max;
        this.shares = shares;
    }

    /** For the next request, whether it will have to wait or not. */
    long nextTicket() {
        return ++tickets;
    }

    /** The ticket of the latest request. */
    long lastTicket() {
        return tickets;
    }

    /** Why no request of {@code client} may wait, or {@code null} if it may. */
    RuntimeException refusal(ClientNetwork client) {
        if (shares.isFull(client)) {
            return shares.refusal(client);
        }
        return waiting < max ? null : new RejectedExecutionException(waiting + " wait already for a stream");
    }

    /** One more waits, to be taken out again by {@link #remove} exactly once. */
    void add() {
        waiting++;
    }

    /** {@code waiter} was not served at once, and so has a part of its client's share. */
    void count(StreamWaiter waiter) {
        waiter.setCounted();
        shares.add(waiter.client());
    }

    void remove(StreamWaiter waiter) {
        waiting--;
        if (waiter.isCounted()) {
            shares.remove(waiter.client());
        }
    }
}
