// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import java.net.SocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line per request: {@code peer=… method=… uri="…" version=… status=… bytes=… ms=… end=… traits={…} forwarded={…}}. Whatever a client
 * chose is escaped, so that it can neither end the line nor a field.
 */
final class AccessLog {
    /** How an exchange ended. */
    enum End {
        /** The whole response went to the client. */
        COMPLETE("complete"),
        /** The client closed its connection, or was too slow. */
        CLIENT("client-gone"),
        /** The response broke off, and with it the client's connection. */
        TRUNCATED("truncated");

        private final String id;

        End(String id) {
            this.id = id;
        }
    }

    static final String LOGGER = "access";
    private static final Logger LOG = LoggerFactory.getLogger(LOGGER);
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private AccessLog() {}

    /**
     * Writes the line of one request.
     *
     * @param status that of the response, or 0 if there was none
     * @param bytes of the response's content
     * @param nanos since the request's head was read
     */
    static void log(
            SocketAddress peer,
            String method,
            String uri,
            String version,
            int status,
            long bytes,
            long nanos,
            End end,
            String traits,
            String forwarded) {
        StringBuilder line = new StringBuilder(128 + uri.length());
        line.append("peer=").append(peer instanceof java.net.InetSocketAddress inet ? HostPort.of(inet) : peer);
        escape(line.append(" method="), method);
        escape(line.append(" uri=\""), uri);
        escape(line.append("\" version="), version);
        line.append(" status=");
        if (status == 0) {
            line.append('-');
        } else {
            line.append(status);
        }
        line.append(" bytes=").append(bytes);
        line.append(" ms=").append(nanos / 1_000_000);
        line.append(" end=").append(end.id);
        line.append(" traits=").append(traits);
        line.append(" forwarded=").append(forwarded);
        LOG.info("{}", line);
    }

    /** What a peer chose, or may have chosen a part of, fit for a log line. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        escape(escaped, text);
        return escaped.toString();
    }

    /** Appends printable ASCII as it is, and everything else, quotes and backslashes included, as {@code \\u0000}. */
    static void escape(StringBuilder line, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
                line.append(c);
            } else {
                line.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    line.append(HEX[c >> shift & 0xf]);
                }
            }
        }
    }
}
