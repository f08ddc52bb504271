// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.admin;

/** Text as HTML that shows it and does nothing else, between tags and within quoted attributes, on one line. */
final class Html {
    private static final char REPLACEMENT = '\ufffd';

    private Html() {}

    static void escape(StringBuilder html, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> html.append("&amp;");
                case '<' -> html.append("&lt;");
                case '>' -> html.append("&gt;");
                case '"' -> html.append("&quot;");
                case '\'' -> html.append("&#39;");
                default -> html.append(isShown(text, i) ? c : REPLACEMENT);
            }
        }
    }

    /** Neither a control character, which could end the line, nor half of a pair, which UTF-8 cannot say. */
    private static boolean isShown(String text, int i) {
        char c = text.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1));
        }
        if (Character.isLowSurrogate(c)) {
            return i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
        }
        return !Character.isISOControl(c) && c != '\u2028' && c != '\u2029';
    }
}
