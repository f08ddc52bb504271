// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.codec.http2.HttpConversionUtil.ExtensionHeaderNames;
import java.util.List;

/**
 * Gives the frames of a stream the shape in which the exchanges have requests and responses. It refuses what {@link PseudoFields}
 * refuses, and takes out what Netty's conversion adds.
 */
final class Http2RequestCodec extends Http2StreamFrameToHttpObjectCodec {
    private static final HttpVersion HTTP_2_0 = new HttpVersion("HTTP", 2, 0, true);

    Http2RequestCodec() {
        super(true);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, Http2StreamFrame frame, List<Object> out) throws Exception {
        if (frame instanceof Http2HeadersFrame head && head.headers().method() != null) {
            PseudoFields.check(head.headers());
        }
        super.decode(ctx, frame, out);
        if (out.get(0) instanceof FullHttpRequest full) {
            HttpRequest request = withoutContent(full);
            out.set(0, request);
            out.add(LastHttpContent.EMPTY_LAST_CONTENT);
        }
        if (out.get(0) instanceof HttpRequest request) {
            request.setProtocolVersion(HTTP_2_0);
            for (ExtensionHeaderNames name : ExtensionHeaderNames.values()) {
                request.headers().remove(name.text());
            }
        }
    }

    /** The length tells the upstream that a method which usually has content comes without any (RFC 9110 section 8.6). */
    private static HttpRequest withoutContent(FullHttpRequest full) {
        full.release();
        HttpHeaders headers = full.headers();
        HttpMethod method = full.method();
        if (method.equals(HttpMethod.POST) || method.equals(HttpMethod.PUT) || method.equals(HttpMethod.PATCH)) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
        }
        return new DefaultHttpRequest(full.protocolVersion(), method, full.uri(), headers);
    }
}
