// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.exchange;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;

/** A 1xx response, such as 100 or 103, on its way to the client: it has no content, and the real response follows. */
final class InterimResponse {
    private InterimResponse() {}

    static FullHttpResponse of(HttpResponse head) {
        FullHttpResponse interim =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, head.status(), Unpooled.EMPTY_BUFFER);
        interim.headers().set(head.headers());
        HopByHop.strip(interim.headers());
        interim.headers().remove(HttpHeaderNames.CONTENT_LENGTH);
        return interim;
    }
}
