// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.exchange;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;

/**
 * An upstream's response head, rewritten for the client.
 *
 * @param outgoing the head for the client; its Connection field is not set yet
 * @param empty whether the response has no content whatever its fields say
 * @param upstreamReusable whether the upstream goes on with its connection after this response
 * @param selfDelimited whether the client can see the end of this response without the end of its connection
 */
record ResponseHead(HttpResponse outgoing, boolean empty, boolean upstreamReusable, boolean selfDelimited) {

    /** Returns {@code null} if the response has a framing that this proxy cannot carry over. */
    static ResponseHead of(HttpResponse response, RequestHead request) {
        HttpHeaders headers = response.headers();
        boolean empty = isAlwaysEmpty(response, request);
        List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        boolean chunked = HttpUtil.isTransferEncodingChunked(response);
        if (!empty && !codings.isEmpty() && !isPlainlyChunked(codings)) {
            return null;
        }
        boolean hasLength = headers.contains(HttpHeaderNames.CONTENT_LENGTH);
        boolean reusable = HttpUtil.isKeepAlive(response) && (empty || chunked || hasLength);
        HopByHop.strip(headers);
        setLengthOfNothing(response);
        ForwardedFor.addVia(headers, response.protocolVersion());
        boolean selfDelimited = empty || hasLength || !request.isHttp10();
        if (!empty && !hasLength && !request.isHttp10()) {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        response.setProtocolVersion(HttpVersion.HTTP_1_1);
        return new ResponseHead(response, empty, reusable, selfDelimited);
    }

    /** Says whether the proxy goes on with the client's connection, in the words of the client's HTTP version. */
    void setKeepAlive(boolean keepAlive, RequestHead request) {
        HttpHeaders headers = outgoing.headers();
        if (!keepAlive) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (request.isHttp10()) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
    }

    /** What Netty's encoder of HTTP/1.1 does by itself (RFC 9110 sections 8.6 and 15.3.6). */
    private static void setLengthOfNothing(HttpResponse response) {
        int code = response.status().code();
        if (code == 204) {
            response.headers().remove(HttpHeaderNames.CONTENT_LENGTH);
        } else if (code == 205) {
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
        }
    }

    private static boolean isAlwaysEmpty(HttpResponse response, RequestHead request) {
        int code = response.status().code();
        return request.method().equals(HttpMethod.HEAD) || code == 204 || code == 205 || code == 304;
    }

    private static boolean isPlainlyChunked(List<String> codings) {
        return codings.size() == 1
                && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(
                        codings.get(0).trim());
    }
}
