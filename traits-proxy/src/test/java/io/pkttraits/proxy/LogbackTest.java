// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The program's log on stderr. */
class LogbackTest {
    private static List<String> lines(String message, Throwable cause) throws Exception {
        LoggerContext context = new LoggerContext();
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(LogbackTest.class.getResource("/logback.xml"));
        Logger logger = context.getLogger("a.Logger");
        ConsoleAppender<ILoggingEvent> appender =
                (ConsoleAppender<ILoggingEvent>) context.getLogger("ROOT").getAppender("LOG");
        String text = ((PatternLayoutEncoder) appender.getEncoder())
                .getLayout()
                .doLayout(new LoggingEvent(Logger.class.getName(), logger, Level.DEBUG, message, cause, null));
        context.stop();
        return text.lines().toList();
    }

    @Test
    void whatAPeerChoseBeginsNoLine() throws Exception {
        IOException cause = new IOException("\tat forged\u0085\u2028\u001b[2J\r\n\tat forged.Frame(X.java:1)");
        List<String> lines = lines("name\n\tforged", new IllegalStateException("evil\r\nforged\n", cause));
        assertEquals(5, lines.size(), lines::toString);
        assertTrue(lines.get(0).endsWith(" DEBUG Logger: name\\n\\u0009forged"), lines::toString);
        assertEquals("java.lang.IllegalStateException: evil\\u000d\\nforged\\n", lines.get(1));
        assertTrue(lines.get(2).startsWith("\tat io.pkttraits.proxy.LogbackTest."), lines::toString);
        assertEquals(
                "Caused by: java.io.IOException: \\u0009at forged\\u0085\\u2028\\u001b[2J\\u000d\\n\\u0009at"
                        + " forged.Frame(X.java:1)",
                lines.get(3));
        assertTrue(lines.get(4).startsWith("\tat io.pkttraits.proxy.LogbackTest."), lines::toString);
    }

    @Test
    void messageWithoutAnExceptionIsOneLine() throws Exception {
        List<String> lines = lines("registry stays\nfile:1: wrong \u2014 \u00e9", null);
        assertEquals(1, lines.size(), lines::toString);
        assertTrue(lines.get(0).endsWith("registry stays\\nfile:1: wrong \u2014 \u00e9"), lines::toString);
    }
}
