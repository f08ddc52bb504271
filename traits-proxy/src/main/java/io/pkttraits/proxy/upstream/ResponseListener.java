// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.upstream;

import io.netty.handler.codec.http.HttpObject;

/** Receives the response to one request, and what happens to the upstream channel that it arrives on, on that channel's event loop. */
public interface ResponseListener {
    /** Takes over {@code part} of the response. */
    void onResponse(HttpObject part);

    /** No more parts arrive until the channel is read from again. */
    void onResponseReadComplete();

    /** The channel is writable again. */
    void onUpstreamWritable();

    /**
     * The upstream has closed, or the channel has failed.
     *
     * @param cause {@code null} if the upstream closed without a failure
     */
    void onUpstreamClosed(Throwable cause);
}
