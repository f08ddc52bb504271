// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.log;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;

/** Logback's {@code %line}: a message as a part of one line. */
public final class MessageConverter extends ClassicConverter {
    @Override
    public String convert(ILoggingEvent event) {
        StringBuilder line = new StringBuilder();
        LineText.append(line, event.getFormattedMessage());
        return line.toString();
    }
}
