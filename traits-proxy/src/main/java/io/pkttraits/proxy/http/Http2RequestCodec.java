// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.codec.http2.HttpConversionUtil;
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

    /** A request is never a full one, for which Netty would allocate, and lose if the head is not valid. */
    @Override
    protected void decode(ChannelHandlerContext ctx, Http2StreamFrame frame, List<Object> out) throws Exception {
        if (!(frame instanceof Http2HeadersFrame head) || head.headers().method() == null) {
            super.decode(ctx, frame, out);
            return;
        }
        HttpRequest request = toRequest(head);
        out.add(request);
        if (head.isEndStream()) {
            setNoContent(request);
            out.add(LastHttpContent.EMPTY_LAST_CONTENT);
        } else if (!HttpUtil.isContentLengthSet(request)) {
            request.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
    }

    private static HttpRequest toRequest(Http2HeadersFrame head) throws Http2Exception {
        PseudoFields.check(head.headers());
        int stream = head.stream() == null ? 0 : head.stream().id();
        HttpRequest request = HttpConversionUtil.toHttpRequest(stream, head.headers(), true);
        request.setProtocolVersion(HTTP_2_0);
        HttpHeaders headers = request.headers();
        for (ExtensionHeaderNames name : ExtensionHeaderNames.values()) {
            headers.remove(name.text());
        }
        return request;
    }

    /** The length tells the upstream that a method which usually has content comes without any (RFC 9110 section 8.6). */
    private static void setNoContent(HttpRequest request) {
        HttpMethod method = request.method();
        if (method.equals(HttpMethod.POST) || method.equals(HttpMethod.PUT) || method.equals(HttpMethod.PATCH)) {
            request.headers().set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
        }
    }
}
