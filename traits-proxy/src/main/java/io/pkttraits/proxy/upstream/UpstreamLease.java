// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.upstream;

import io.netty.channel.Channel;
import java.util.function.Consumer;

/** One exchange's hold on a way to the upstream: at most one at a time, given back exactly once. */
public interface UpstreamLease {
    /** Calls one of the two, not necessarily before it returns. */
    void acquire(Consumer<Channel> onSuccess, Consumer<Throwable> onFailure);

    boolean isHeld();

    /** Takes and passes on the messages of HTTP/1.1, whatever the upstream speaks. */
    Channel channel();

    /** To be called before the request is sent. The listener is called until the lease is released or discarded. */
    void begin(ResponseListener listener, boolean isHead);

    /**
     * Whether nothing was heard, and it may well be that the upstream never saw the request. {@code false} for what was acquired by
     * {@link #replace}.
     */
    boolean isStale();

    /** Gives up what is stale for something fresh. */
    void replace(Consumer<Channel> onSuccess, Consumer<Throwable> onFailure);

    /** The exchange is complete. */
    void release();

    /** The exchange is not, and does not wait for a way either; neither of the callbacks of one that waits is of use any more. */
    void discard();
}
