// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.exchange;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import io.pkttraits.proxy.hop.PacketTraitsField;
import java.util.List;

/**
 * Header fields that concern one connection, and that a proxy does not pass on (RFC 9110 section 7.6.1): the known ones,
 * those that the Connection field names, and {@code Packet-Traits}, which says what one hop's packets cannot.
 */
final class HopByHop {
    private static final AsciiString[] NAMES = {
        HttpHeaderNames.CONNECTION,
        AsciiString.cached("keep-alive"),
        AsciiString.cached("proxy-connection"),
        HttpHeaderNames.PROXY_AUTHENTICATE,
        HttpHeaderNames.PROXY_AUTHORIZATION,
        HttpHeaderNames.TE,
        HttpHeaderNames.TRANSFER_ENCODING,
        HttpHeaderNames.UPGRADE,
        AsciiString.cached("http2-settings")
    };

    /** Not removed though Connection names them: the message would mean something else without. */
    private static final AsciiString[] END_TO_END = {
        HttpHeaderNames.HOST,
        HttpHeaderNames.CONTENT_LENGTH,
        HttpHeaderNames.CONTENT_TYPE,
        HttpHeaderNames.CONTENT_ENCODING,
        HttpHeaderNames.AUTHORIZATION,
        HttpHeaderNames.COOKIE,
        HttpHeaderNames.VIA,
        ForwardedFor.X_FORWARDED_FOR
    };

    /** Fields that no trailer section may set (RFC 9110 section 6.5.1), since they were acted upon before it came. */
    private static final AsciiString[] NOT_IN_TRAILERS = {
        HttpHeaderNames.HOST,
        HttpHeaderNames.AUTHORIZATION,
        HttpHeaderNames.VIA,
        ForwardedFor.X_FORWARDED_FOR,
        HttpHeaderNames.CONTENT_LENGTH,
        HttpHeaderNames.CONTENT_TYPE,
        HttpHeaderNames.CONTENT_ENCODING,
        HttpHeaderNames.CONTENT_RANGE,
        HttpHeaderNames.TRAILER,
        HttpHeaderNames.EXPECT,
        HttpHeaderNames.RANGE,
        HttpHeaderNames.MAX_FORWARDS,
        HttpHeaderNames.CACHE_CONTROL,
        HttpHeaderNames.COOKIE,
        HttpHeaderNames.SET_COOKIE
    };

    private HopByHop() {}

    /** Removes them from a header section; the caller sets the framing anew. */
    static void strip(HttpHeaders headers) {
        List<String> connection = headers.getAll(HttpHeaderNames.CONNECTION);
        for (String value : connection) {
            for (String option : value.split(",", -1)) {
                removeNamed(headers, option.trim());
            }
        }
        remove(headers, NAMES);
        PacketTraitsField.removeFrom(headers);
    }

    /** Removes from a trailer section what has no place there. */
    static void stripTrailers(HttpHeaders trailers) {
        if (!trailers.isEmpty()) {
            remove(trailers, NAMES);
            remove(trailers, NOT_IN_TRAILERS);
            PacketTraitsField.removeFrom(trailers);
        }
    }

    private static void removeNamed(HttpHeaders headers, String option) {
        if (option.isEmpty()) {
            return;
        }
        for (AsciiString name : END_TO_END) {
            if (name.contentEqualsIgnoreCase(option)) {
                return;
            }
        }
        headers.remove(option);
    }

    private static void remove(HttpHeaders headers, AsciiString[] names) {
        for (AsciiString name : names) {
            headers.remove(name);
        }
    }
}
