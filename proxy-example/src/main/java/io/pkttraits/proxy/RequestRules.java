// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;

/**
 * Refuses requests that the proxy and its upstream could read in two ways, or that it does not serve. What the decoder refuses
 * by itself (both Content-Length and Transfer-Encoding, differing lengths, names with spaces) arrives here as its failure.
 */
final class RequestRules {
    private RequestRules() {}

    static void check(HttpRequest request) throws BadRequestException {
        checkDecoded(request);
        checkVersion(request.protocolVersion());
        HttpMethod method = request.method();
        if (HttpMethod.CONNECT.equals(method) || HttpMethod.TRACE.equals(method)) {
            throw new BadRequestException(HttpResponseStatus.NOT_IMPLEMENTED, method + " is not served");
        }
        checkTarget(request);
        checkHost(request);
        checkFraming(request);
    }

    private static void checkDecoded(HttpRequest request) throws BadRequestException {
        if (!request.decoderResult().isFailure()) {
            return;
        }
        Throwable cause = request.decoderResult().cause();
        HttpResponseStatus status = HttpResponseStatus.BAD_REQUEST;
        if (cause instanceof TooLongHttpLineException) {
            status = HttpResponseStatus.REQUEST_URI_TOO_LONG;
        } else if (cause instanceof TooLongHttpHeaderException) {
            status = HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
        }
        throw new BadRequestException(status, String.valueOf(cause.getMessage()));
    }

    private static void checkVersion(HttpVersion version) throws BadRequestException {
        if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
            throw new BadRequestException(HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED, "version " + version);
        }
    }

    private static void checkTarget(HttpRequest request) throws BadRequestException {
        String uri = request.uri();
        if (!uri.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '#')) {
            throw badRequest("a character that has no place in a request target");
        }
        boolean asterisk = uri.equals("*") && request.method().equals(HttpMethod.OPTIONS);
        if (!uri.startsWith("/") && !asterisk && AbsoluteForm.parse(uri) == null) {
            throw badRequest("the request target is neither a path nor an absolute http URI");
        }
    }

    private static void checkHost(HttpRequest request) throws BadRequestException {
        List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
        if (hosts.size() > 1 || (hosts.isEmpty() && request.protocolVersion().equals(HttpVersion.HTTP_1_1))) {
            throw badRequest(hosts.size() + " Host fields");
        }
        if (!hosts.isEmpty() && !AbsoluteForm.isAuthority(hosts.get(0))) {
            throw badRequest("the Host field is not a host");
        }
    }

    private static void checkFraming(HttpRequest request) throws BadRequestException {
        HttpHeaders headers = request.headers();
        List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (!codings.isEmpty()
                && (codings.size() > 1
                        || !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(
                                codings.get(0).trim()))) {
            throw new BadRequestException(HttpResponseStatus.NOT_IMPLEMENTED, "a transfer coding other than chunked");
        }
        if (headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY1)
                || headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY2)) {
            // The decoder takes 8 bytes of body from these obsolete fields, which nobody else does.
            throw badRequest("an obsolete WebSocket handshake");
        }
    }

    private static BadRequestException badRequest(String message) {
        return new BadRequestException(HttpResponseStatus.BAD_REQUEST, message);
    }
}
