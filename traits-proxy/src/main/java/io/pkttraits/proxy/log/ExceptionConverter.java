// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.log;

import ch.qos.logback.classic.pattern.ThrowableHandlingConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;

/** Logback's {@code %cause}: an exception and its causes, a line each and one for the place, whatever their messages have in them. */
public final class ExceptionConverter extends ThrowableHandlingConverter {
    @Override
    public String convert(ILoggingEvent event) {
        StringBuilder lines = new StringBuilder();
        String beginning = "";
        for (IThrowableProxy cause = event.getThrowableProxy(); cause != null; cause = cause.getCause()) {
            lines.append(beginning).append(cause.getClassName());
            if (cause.getMessage() != null) {
                LineText.append(lines.append(": "), cause.getMessage());
            }
            lines.append('\n');
            StackTraceElementProxy[] places = cause.getStackTraceElementProxyArray();
            if (places != null && places.length > 0) {
                lines.append('\t').append(places[0].getSTEAsString()).append('\n');
            }
            beginning = "Caused by: ";
        }
        return lines.toString();
    }
}
