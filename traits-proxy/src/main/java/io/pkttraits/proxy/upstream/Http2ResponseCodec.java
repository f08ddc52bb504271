// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.upstream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.codec.http2.HttpConversionUtil;
import io.netty.handler.codec.http2.HttpConversionUtil.ExtensionHeaderNames;
import java.util.List;

/** Gives the frames of an upstream's stream the shape in which the exchanges have requests and responses. */
final class Http2ResponseCodec extends Http2StreamFrameToHttpObjectCodec {
    private static final HttpVersion HTTP_2_0 = new HttpVersion("HTTP", 2, 0, true);

    private boolean toHead;

    Http2ResponseCodec() {
        super(false);
    }

    @Override
    protected void encode(ChannelHandlerContext ctx, HttpObject message, List<Object> out) throws Exception {
        if (message instanceof HttpRequest request) {
            toHead = request.method().equals(HttpMethod.HEAD);
        }
        super.encode(ctx, message, out);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, Http2StreamFrame frame, List<Object> out) throws Exception {
        if (!(frame instanceof Http2HeadersFrame head) || head.headers().status() == null) {
            super.decode(ctx, frame, out);
            return;
        }
        HttpResponse response = HttpConversionUtil.toHttpResponse(head.stream().id(), head.headers(), true);
        response.setProtocolVersion(HTTP_2_0);
        HttpHeaders headers = response.headers();
        for (ExtensionHeaderNames name : ExtensionHeaderNames.values()) {
            headers.remove(name.text());
        }
        boolean interim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        if (interim && head.isEndStream()) {
            throw Http2Exception.streamError(
                    head.stream().id(), Http2Error.PROTOCOL_ERROR, "an interim response that ends the stream");
        }
        boolean hasLength = headers.contains(HttpHeaderNames.CONTENT_LENGTH);
        if (head.isEndStream() && !hasLength && !toHead) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
        } else if (!interim && !hasLength) {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        out.add(response);
        if (interim || head.isEndStream()) {
            out.add(LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }
}
