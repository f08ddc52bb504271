// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Prints what this library logs, a line each, for the test that started this JVM. */
public final class CapturedLog extends Handler {
    /** Held, because the JDK's manager holds loggers weakly. */
    private static final Logger LOGGER = Logger.getLogger("io.pkttraits");

    private final SimpleFormatter formatter = new SimpleFormatter();

    private CapturedLog() {}

    /** Begins to print; to be called before any class of the library is used. */
    public static void begin() {
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
        LOGGER.setUseParentHandlers(false);
        LOGGER.addHandler(new CapturedLog());
    }

    @Override
    public void publish(LogRecord record) {
        System.out.println(
                record.getLevel() + ": " + formatter.formatMessage(record).replace('\n', ' '));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
