// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.http;

import io.netty.handler.codec.Headers;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpScheme;
import io.netty.util.AsciiString;
import java.util.List;

/**
 * What the pseudo-header fields of a request may be beside each other and the Host field (RFC 9113 section 8.3.1, and RFC 9114 section
 * 4.3.1 likewise). Their order, number and presence is for the decoder to see to.
 */
public final class PseudoFields {
    private static final AsciiString METHOD = AsciiString.cached(":method");
    private static final AsciiString SCHEME = AsciiString.cached(":scheme");
    private static final AsciiString AUTHORITY = AsciiString.cached(":authority");
    private static final AsciiString PROTOCOL = AsciiString.cached(":protocol");

    private PseudoFields() {}

    /**
     * Throws {@link IllegalArgumentException} for a malformed request; otherwise no Host field is left beside an :authority.
     */
    public static void check(Headers<CharSequence, CharSequence, ?> headers) {
        if (headers.contains(PROTOCOL)) {
            throw new IllegalArgumentException("extended CONNECT was not offered");
        }
        CharSequence scheme = headers.get(SCHEME);
        boolean connect = HttpMethod.CONNECT.asciiName().contentEquals(headers.get(METHOD));
        if (!connect && !isHttp(scheme)) {
            throw new IllegalArgumentException("a scheme that is not served: " + scheme);
        }
        List<CharSequence> hosts = headers.getAll(HttpHeaderNames.HOST);
        if (hosts.size() > 1) {
            throw new IllegalArgumentException(hosts.size() + " Host fields");
        }
        CharSequence authority = headers.get(AUTHORITY);
        if (authority != null && !hosts.isEmpty()) {
            if (!AsciiString.contentEqualsIgnoreCase(hosts.get(0), authority)) {
                throw new IllegalArgumentException("Host and :authority differ");
            }
            headers.remove(HttpHeaderNames.HOST);
        }
    }

    private static boolean isHttp(CharSequence scheme) {
        return scheme != null
                && (HttpScheme.HTTP.name().contentEqualsIgnoreCase(scheme)
                        || HttpScheme.HTTPS.name().contentEqualsIgnoreCase(scheme));
    }
}
