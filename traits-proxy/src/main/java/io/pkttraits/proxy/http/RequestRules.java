// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.pkttraits.proxy.exchange.AbsoluteForm;
import io.pkttraits.proxy.exchange.BadRequestException;
import java.util.List;

/**
 * Refuses requests that the proxy and its upstream could read in two ways, or that it does not serve. What the decoder refuses
 * by itself (both Content-Length and Transfer-Encoding, differing lengths, names with spaces) arrives here as its failure.
 */
final class RequestRules {
    private RequestRules() {}

    /** The rules for a request of HTTP/1. */
    static void check(HttpRequest request) throws BadRequestException {
        checkDecoded(request);
        checkVersion(request.protocolVersion());
        checkMethod(request.method());
        checkTarget(request);
        checkHost(request, request.protocolVersion().equals(HttpVersion.HTTP_1_1));
        checkFraming(request);
    }

    /**
     * The rules for a request of HTTP/2 or HTTP/3, whose decoder has seen to its framing.
     *
     * @param maxInitialLine longest request line, in bytes
     */
    static void checkStream(HttpRequest request, int maxInitialLine) throws BadRequestException {
        HttpMethod method = request.method();
        checkMethod(method);
        if (method.name().length() + request.uri().length() > maxInitialLine) {
            throw new BadRequestException(HttpResponseStatus.REQUEST_URI_TOO_LONG, "a too long :path");
        }
        checkCharacters(request.uri());
        if (!request.uri().startsWith("/") && !isAsterisk(request)) {
            throw badRequest("the :path is not a path");
        }
        checkHost(request, false);
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

    private static void checkMethod(HttpMethod method) throws BadRequestException {
        if (HttpMethod.CONNECT.equals(method) || HttpMethod.TRACE.equals(method)) {
            throw new BadRequestException(HttpResponseStatus.NOT_IMPLEMENTED, method + " is not served");
        }
    }

    private static void checkTarget(HttpRequest request) throws BadRequestException {
        String uri = request.uri();
        checkCharacters(uri);
        if (!uri.startsWith("/") && !isAsterisk(request) && AbsoluteForm.parse(uri) == null) {
            throw badRequest("the request target is neither a path nor an absolute http URI");
        }
    }

    private static void checkCharacters(String uri) throws BadRequestException {
        if (!uri.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '#')) {
            throw badRequest("a character that has no place in a request target");
        }
    }

    private static boolean isAsterisk(HttpRequest request) {
        return request.uri().equals("*") && request.method().equals(HttpMethod.OPTIONS);
    }

    private static void checkHost(HttpRequest request, boolean needed) throws BadRequestException {
        List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
        if (hosts.size() > 1 || (hosts.isEmpty() && needed)) {
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
