// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.log;

/** Text that peers may have chosen a part of, as a part of one line. */
final class LineText {
    private static final char LINE_SEPARATOR = 0x2028;
    private static final char PARAGRAPH_SEPARATOR = 0x2029;

    private LineText() {}

    /** Appends it with control characters, which end lines and steer terminals, as escapes. */
    static void append(StringBuilder line, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                line.append("\\n");
            } else if (Character.isISOControl(c) || c == LINE_SEPARATOR || c == PARAGRAPH_SEPARATOR) {
                line.append(String.format("\\u%04x", (int) c));
            } else {
                line.append(c);
            }
        }
    }
}
