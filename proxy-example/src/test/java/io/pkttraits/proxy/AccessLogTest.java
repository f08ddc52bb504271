// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class AccessLogTest {
    private static final InetSocketAddress PEER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4242);

    @Test
    void lineNamesEverythingOnce() {
        assertEquals(
                "peer=127.0.0.1:4242 method=GET uri=\"/a?b\" version=HTTP/1.1 status=200 bytes=12 ms=3 end=complete traits={4=0x01} forwarded={}",
                lineOf("GET", "/a?b", 200, AccessLog.End.COMPLETE));
    }

    @Test
    void requestWithoutResponseHasNoStatus() {
        assertTrue(lineOf("GET", "/", 0, AccessLog.End.CLIENT).contains(" status=- bytes=12 ms=3 end=client-gone "));
    }

    @Test
    void targetCannotEndItsField() {
        String line = lineOf("G\"", "/\" status=200\r\nforged\\", 400, AccessLog.End.COMPLETE);
        assertTrue(line.contains(" method=G\\u0022 "), line);
        assertTrue(
                line.contains(" uri=\"/\\u0022 status=200\\u000d\\u000aforged\\u005c\" version=HTTP/1.1 status=400 "),
                line);
    }

    @Property
    void anyTargetIsOneFieldOfPrintableAscii(@ForAll String uri) {
        StringBuilder escaped = new StringBuilder();
        AccessLog.escape(escaped, uri);
        assertTrue(escaped.chars().allMatch(c -> c >= ' ' && c < 0x7f && c != '"'), escaped.toString());
    }

    private static String lineOf(String method, String uri, int status, AccessLog.End end) {
        Logger logger = (Logger) LoggerFactory.getLogger(AccessLog.LOGGER);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        Level before = logger.getLevel();
        logger.setLevel(Level.INFO);
        logger.addAppender(lines);
        try {
            AccessLog.log(PEER, method, uri, "HTTP/1.1", status, 12, 3_999_999, end, "{4=0x01}", "{}");
        } finally {
            logger.detachAppender(lines);
            logger.setLevel(before);
        }
        assertEquals(1, lines.list.size());
        return lines.list.get(0).getFormattedMessage();
    }
}
