// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.example.demo;

import io.pkttraits.Traits;

/** What each hop saw, one row per set of traits. */
final class DemoTable {
    private static final String ROW = "%-4s %6s %6s  %-34s %-34s %-34s %s%n";
    private static final int WIDTH = 34;

    private final StringBuilder text = new StringBuilder();

    DemoTable() {
        text.append(String.format(ROW, "set", "traits", "bytes", "client set", "proxy saw", "upstream saw", ""));
    }

    void add(int number, Traits client, String proxy, Traits upstream, boolean same) {
        text.append(String.format(
                ROW,
                number,
                client.size(),
                client.valuesLength(),
                shorten(client.toString()),
                shorten(proxy),
                shorten(upstream.toString()),
                same ? "same" : "DIFFERENT"));
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private static String shorten(String traits) {
        return traits.length() <= WIDTH ? traits : traits.substring(0, WIDTH - 3) + "...";
    }
}
