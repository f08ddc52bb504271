// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.pool;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Promise;

/**
 * An acquire that waits.
 *
 * @param ticket its number in the order of arrival
 */
record PoolWaiter(KeyedPool pool, Promise<Channel> promise, long ticket, long sinceNanos) {
    @Override
    public boolean equals(Object o) {
        return o == this;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(ticket);
    }
}
