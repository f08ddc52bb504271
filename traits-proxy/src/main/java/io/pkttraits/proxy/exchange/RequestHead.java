// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.exchange;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;

/**
 * What a client asked for, and the request head that goes to the upstream for it. The head is the client's own, rewritten in
 * place, so everything that is needed of the original is kept here.
 *
 * @param method as the client sent it
 * @param uri as the client sent it
 * @param version as the client sent it
 * @param keepAlive whether the client wants to go on with its connection
 * @param hasBody whether content follows the head
 * @param expectsContinue whether the client waits for a 100 before it sends that content
 * @param outgoing the head for the upstream
 */
public record RequestHead(
        HttpMethod method,
        String uri,
        HttpVersion version,
        boolean keepAlive,
        boolean hasBody,
        boolean expectsContinue,
        HttpRequest outgoing) {

    /** Takes a request that {@link ExchangeClient#check} let pass. */
    public static RequestHead of(HttpRequest request, String client, String upstream) {
        boolean chunked = HttpUtil.isTransferEncodingChunked(request);
        boolean http10 = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
        RequestHead head = new RequestHead(
                request.method(),
                request.uri(),
                request.protocolVersion(),
                HttpUtil.isKeepAlive(request),
                chunked || HttpUtil.getContentLength(request, 0L) > 0,
                !http10 && HttpUtil.is100ContinueExpected(request),
                request);
        HttpHeaders headers = request.headers();
        HopByHop.strip(headers);
        if (chunked) {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        if (http10) {
            headers.remove(HttpHeaderNames.EXPECT);
        }
        rewriteTarget(request, upstream);
        ForwardedFor.addVia(headers, request.protocolVersion());
        ForwardedFor.addClient(headers, client);
        request.setProtocolVersion(HttpVersion.HTTP_1_1);
        return head;
    }

    /** Whether it may be sent a second time when the connection broke before anything came back (RFC 9110 section 9.2.2). */
    boolean isRepeatable() {
        return !hasBody
                && (method.equals(HttpMethod.GET)
                        || method.equals(HttpMethod.HEAD)
                        || method.equals(HttpMethod.OPTIONS)
                        || method.equals(HttpMethod.PUT)
                        || method.equals(HttpMethod.DELETE));
    }

    /** Whether the client knows neither chunks nor interim responses. */
    boolean isHttp10() {
        return version.equals(HttpVersion.HTTP_1_0);
    }

    private static void rewriteTarget(HttpRequest request, String upstream) {
        HttpHeaders headers = request.headers();
        AbsoluteForm absolute = AbsoluteForm.parse(request.uri());
        if (absolute != null) {
            request.setUri(absolute.originForm());
            headers.set(HttpHeaderNames.HOST, absolute.authority());
        } else if (!headers.contains(HttpHeaderNames.HOST)) {
            headers.set(HttpHeaderNames.HOST, upstream);
        }
    }
}
