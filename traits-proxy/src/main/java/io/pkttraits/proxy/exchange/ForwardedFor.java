// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.exchange;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.util.List;

/** The fields in which a proxy says that it was there: {@code Via} (RFC 9110 section 7.6.3) and {@code X-Forwarded-For}. */
final class ForwardedFor {
    static final AsciiString X_FORWARDED_FOR = AsciiString.cached("x-forwarded-for");
    private static final String PSEUDONYM = "traits-proxy";
    private static final String VIA_3_0 = "3.0 " + PSEUDONYM;
    private static final String VIA_2_0 = "2.0 " + PSEUDONYM;
    private static final String VIA_1_1 = "1.1 " + PSEUDONYM;
    private static final String VIA_1_0 = "1.0 " + PSEUDONYM;

    private ForwardedFor() {}

    /** Appends the version in which the message was received. */
    static void addVia(HttpHeaders headers, HttpVersion received) {
        String via = switch (received.majorVersion()) {
            case 3 -> VIA_3_0;
            case 2 -> VIA_2_0;
            default -> received.minorVersion() == 0 ? VIA_1_0 : VIA_1_1;
        };
        append(headers, HttpHeaderNames.VIA, via);
    }

    static void addClient(HttpHeaders headers, String address) {
        append(headers, X_FORWARDED_FOR, address);
    }

    private static void append(HttpHeaders headers, AsciiString name, String value) {
        List<String> before = headers.getAll(name);
        headers.set(name, before.isEmpty() ? value : String.join(", ", before) + ", " + value);
    }
}
