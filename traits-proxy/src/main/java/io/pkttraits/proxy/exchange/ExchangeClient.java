// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.exchange;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;

/**
 * The client's side of an {@link Exchange}: a whole connection of HTTP/1, or one stream of a later version. Requests and responses
 * have the shape of HTTP/1.1 for all of them.
 *
 * <p>Confined to the event loop of its channel.
 */
public interface ExchangeClient {
    /** Where the exchange looks whether more can be written. Closing it gives the exchange up, as far as the client sees. */
    Channel channel();

    /** Refuses what this version's requests must not look like. */
    void check(HttpRequest request) throws BadRequestException;

    /** Whether nothing but the present request is served. */
    boolean isDraining();

    /** Asks for the next part of the request. */
    void readPart();

    /** Takes over {@code part} of the response, without flushing. */
    ChannelFuture write(HttpObject part);

    /**
     * The exchange has written its response.
     *
     * @param requestDone whether all of the request was read
     * @param keepAlive whether another one may follow
     */
    void onExchangeDone(boolean requestDone, boolean keepAlive);

    /**
     * Breaks off in the midst of a response.
     *
     * @param visible whether an HTTP/1 client sees by the response's framing that something is missing
     */
    void truncate(boolean visible);
}
