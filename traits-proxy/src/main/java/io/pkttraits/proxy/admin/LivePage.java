// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.admin;

import java.util.Locale;

/** A {@link LiveView} as HTML: the whole page, or what changes of it, which is one line. */
final class LivePage {
    private static final String BEFORE = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <title>traits-proxy</title>
            <link rel="stylesheet" href="/style.css">
            <script src="/live.js" defer></script>
            </head>
            <body>
            <h1>traits-proxy</h1>
            <main id="live">\
            """;
    private static final String AFTER = """
            </main>
            <p id="state">not live</p>
            </body>
            </html>
            """;

    private LivePage() {}

    static String page(LiveView view) {
        return BEFORE + fragment(view) + AFTER;
    }

    static String fragment(LiveView view) {
        StringBuilder html = new StringBuilder(256 + 128 * view.connections().size());
        html.append("<dl>");
        for (LiveView.Total total : view.totals()) {
            Html.escape(html.append("<div><dt>"), total.name());
            Html.escape(html.append("</dt><dd>"), total.value());
            html.append("</dd></div>");
        }
        html.append(
                        "</dl><table><thead><tr><th>peer</th><th>protocol</th><th>traits</th><th>requests</th><th>per second</th>")
                .append("</tr></thead><tbody>");
        for (LiveView.Connection connection : view.connections()) {
            Html.escape(html.append("<tr><td>"), connection.peer());
            Html.escape(html.append("</td><td>"), connection.protocol());
            Html.escape(html.append("</td><td>"), connection.traits());
            html.append("</td><td>").append(connection.requests());
            html.append("</td><td>").append(String.format(Locale.ROOT, "%.1f", connection.rate()));
            html.append("</td></tr>");
        }
        html.append("</tbody></table>");
        if (view.hidden() > 0) {
            html.append("<p>and ").append(view.hidden()).append(" more</p>");
        }
        return html.toString();
    }
}
