// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.upstream;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponseDecoder;

/**
 * Netty's decoder of responses, which can also tell whether bytes are left behind the response that it has just passed on. Where
 * one request is in flight at a time, such bytes belong to nobody; the next exchange must not get to see them.
 */
final class UpstreamDecoder extends HttpResponseDecoder {
    private boolean toHead;

    UpstreamDecoder(HttpDecoderConfig config) {
        super(config);
    }

    /** To be called before a request is sent: whether that is HEAD, whose response has no content whatever its fields say. */
    void expect(boolean toHead) {
        this.toHead = toHead;
    }

    /** Whether there are such bytes. The answer holds only while the end of a response is being passed on. */
    boolean hasUndecoded() {
        return actualReadableBytes() > 0;
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage response) {
        return toHead || super.isContentAlwaysEmpty(response);
    }
}
