// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.log;

import io.pkttraits.Traits;
import io.pkttraits.proxy.net.HostPort;
import io.pkttraits.registry.TraitRegistry;
import java.net.InetSocketAddress;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line per request: {@code peer=… method=… uri="…" version=… status=… bytes=… ms=… end=… traits={…} forwarded={…}}, or the same as a
 * JSON object, with its own {@code time}. Traits have their names in the registry as it is when the line is written, and sensitive values are
 * masked. Whatever a client chose is escaped, so that it can neither end the line nor a field.
 */
public final class AccessLog {
    /** How an exchange ended. */
    public enum End {
        /** The whole response went to the client. */
        COMPLETE("complete"),
        /** The client closed its connection, or was too slow. */
        CLIENT("client-gone"),
        /** The response broke off, and with it the client's connection. */
        TRUNCATED("truncated"),
        /** It was no request: the codec refused what the client sent. */
        REFUSED("refused");

        private final String id;

        End(String id) {
            this.id = id;
        }
    }

    static final String LOGGER = "access";
    /** Of lines that bear their time themselves. */
    static final String JSON_LOGGER = "access.json";

    private static final Logger TEXT = LoggerFactory.getLogger(LOGGER);
    private static final Logger JSON = LoggerFactory.getLogger(JSON_LOGGER);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final AccessLogFormat format;
    private final Supplier<TraitRegistry> registry;

    /**
     * Makes a log that writes lines of that format to stdout.
     *
     * @param registry asked for each line, from any thread
     */
    public AccessLog(AccessLogFormat format, Supplier<TraitRegistry> registry) {
        this.format = format;
        this.registry = registry;
    }

    public void log(AccessEntry entry) {
        if (format == AccessLogFormat.JSON) {
            JSON.info("{}", json(entry, registry.get()));
        } else {
            TEXT.info("{}", text(entry, registry.get()));
        }
    }

    private static StringBuilder text(AccessEntry entry, TraitRegistry names) {
        StringBuilder line = new StringBuilder(128 + entry.uri().length());
        line.append("peer=").append(peer(entry));
        escape(line.append(" method="), entry.method());
        escape(line.append(" uri=\""), entry.uri());
        escape(line.append("\" version="), entry.version());
        line.append(" status=");
        if (entry.status() == 0) {
            line.append('-');
        } else {
            line.append(entry.status());
        }
        line.append(" bytes=").append(entry.bytes());
        line.append(" ms=").append(millis(entry));
        line.append(" end=").append(entry.end().id);
        line.append(" traits=").append(names.format(entry.traits()));
        return line.append(" forwarded=").append(names.format(entry.forwarded()));
    }

    private static StringBuilder json(AccessEntry entry, TraitRegistry names) {
        StringBuilder line = new StringBuilder(256 + entry.uri().length());
        quote(line.append("{\"time\":"), TIME.format(entry.when()));
        quote(line.append(",\"peer\":"), peer(entry));
        quote(line.append(",\"method\":"), entry.method());
        quote(line.append(",\"uri\":"), entry.uri());
        quote(line.append(",\"version\":"), entry.version());
        line.append(",\"status\":").append(entry.status() == 0 ? "null" : Integer.toString(entry.status()));
        line.append(",\"bytes\":").append(entry.bytes());
        line.append(",\"ms\":").append(millis(entry));
        quote(line.append(",\"end\":"), entry.end().id);
        json(line.append(",\"traits\":"), entry.traits(), names);
        json(line.append(",\"forwarded\":"), entry.forwarded(), names);
        return line.append('}');
    }

    /** An object with a member for each name: a flag is {@code true}, everything else a string. */
    private static void json(StringBuilder line, Traits traits, TraitRegistry names) {
        line.append('{');
        String last = null;
        for (int key = traits.nextKey(0); key >= 0; key = traits.nextKey(key + 1)) {
            String label = names.label(key);
            if (label.equals(last)) {
                continue; // of a span, whose value the first of its keys has brought
            }
            quote(last == null ? line : line.append(','), label);
            last = label;
            String value = names.format(traits, key);
            if (value.isEmpty()) {
                line.append(":true");
            } else {
                quote(line.append(':'), value);
            }
        }
        line.append('}');
    }

    private static String peer(AccessEntry entry) {
        return entry.peer() instanceof InetSocketAddress inet
                ? HostPort.of(inet).toString()
                : String.valueOf(entry.peer());
    }

    private static long millis(AccessEntry entry) {
        return entry.nanos() / 1_000_000;
    }

    /** The escapes of {@link #escape} are among those of JSON. */
    private static void quote(StringBuilder line, String text) {
        escape(line.append('"'), text);
        line.append('"');
    }

    /** What a peer chose, or may have chosen a part of, fit for a log line. */
    public static String escape(String text) {
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
