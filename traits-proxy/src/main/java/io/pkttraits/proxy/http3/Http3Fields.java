// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.http3;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.util.AsciiString;
import io.pkttraits.proxy.http.PseudoFields;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The field sections of HTTP/3 as the heads and trailers of HTTP/1.1, and back (RFC 9114 sections 4.2 and 4.3). */
final class Http3Fields {
    private static final HttpVersion HTTP_3_0 = new HttpVersion("HTTP", 3, 0, true);
    private static final String COOKIE_SEPARATOR = "; ";

    /** What HTTP/3 has no use for; a request with one of them is malformed. */
    private static final Set<AsciiString> OF_CONNECTIONS = Set.of(
            HttpHeaderNames.CONNECTION,
            AsciiString.cached("keep-alive"),
            AsciiString.cached("proxy-connection"),
            HttpHeaderNames.TRANSFER_ENCODING,
            HttpHeaderNames.UPGRADE);

    private Http3Fields() {}

    /** Throws {@link IllegalArgumentException} for a request that is malformed. The decoder has seen to the pseudo-header fields' presence. */
    static HttpRequest toRequest(Http3Headers fields) {
        PseudoFields.check(fields);
        HttpMethod method = HttpMethod.valueOf(fields.method().toString());
        CharSequence path = fields.path();
        HttpRequest request = new DefaultHttpRequest(HTTP_3_0, method, path == null ? "" : path.toString());
        addTo(request.headers(), fields);
        List<String> cookies = request.headers().getAll(HttpHeaderNames.COOKIE);
        if (cookies.size() > 1) {
            request.headers().set(HttpHeaderNames.COOKIE, String.join(COOKIE_SEPARATOR, cookies));
        }
        CharSequence authority = fields.authority();
        if (authority != null) {
            request.headers().set(HttpHeaderNames.HOST, authority);
        }
        return request;
    }

    /** Adds what is no pseudo-header field. Throws {@link IllegalArgumentException} for what has no place in a message. */
    static void addTo(HttpHeaders headers, Http3Headers fields) {
        for (Map.Entry<CharSequence, CharSequence> field : fields) {
            AsciiString name = AsciiString.of(field.getKey());
            if (name.isEmpty() || name.charAt(0) == ':') {
                continue;
            }
            boolean te =
                    name.contentEquals(HttpHeaderNames.TE) && !AsciiString.contentEquals(field.getValue(), "trailers");
            if (te || OF_CONNECTIONS.contains(name)) {
                throw new IllegalArgumentException("a field of connections: " + name);
            }
            headers.add(name, field.getValue());
        }
    }

    static Http3Headers of(HttpResponseStatus status, HttpHeaders headers) {
        Http3Headers fields = of(headers);
        fields.status(status.codeAsText());
        return fields;
    }

    /** Leaves out what is about a connection of HTTP/1.1. */
    static Http3Headers of(HttpHeaders headers) {
        Http3Headers fields = new DefaultHttp3Headers();
        headers.iteratorCharSequence().forEachRemaining(field -> {
            AsciiString name = AsciiString.of(field.getKey()).toLowerCase();
            if (!OF_CONNECTIONS.contains(name)) {
                fields.add(name, field.getValue());
            }
        });
        return fields;
    }
}
