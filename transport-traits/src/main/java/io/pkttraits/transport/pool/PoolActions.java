// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.pool;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Promise;

/** What a {@link PoolLedger} decides; called under the lock, so to be done later. */
interface PoolActions {
    void open(KeyedPool pool, Promise<Channel> promise);

    /** The connection is in use now. */
    void give(PooledConnection connection, Promise<Channel> promise);

    void close(PooledConnection connection);

    void fail(PoolWaiter waiter, Throwable cause);
}
