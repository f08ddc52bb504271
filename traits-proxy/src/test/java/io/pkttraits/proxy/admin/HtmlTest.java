// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class HtmlTest {
    private static String escape(String text) {
        StringBuilder html = new StringBuilder();
        Html.escape(html, text);
        return html.toString();
    }

    @Test
    void markupIsText() {
        assertEquals("&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;", escape("<a href=\"x\" id='y'>&amp;"));
        assertEquals("\ufffd\ufffd\ud83d\ude00\ufffd", escape("\r\n\ud83d\ude00\ud83d"));
    }

    @Property
    void anyTextIsOneLineThatNeitherBeginsATagNorEndsAnAttribute(@ForAll String text) {
        String html = escape(text);
        assertTrue(html.chars().noneMatch(c -> c < ' ' || "<>\"'\u2028\u2029".indexOf(c) >= 0), html);
        assertEquals(html, new String(html.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
        String shown = html.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&");
        assertEquals(text.length(), shown.length());
    }

    @Property
    void anyViewIsOneLineWithTheCellsThatItHas(@ForAll String text) {
        LiveView view = new LiveView(
                List.of(new LiveView.Total(text, text)),
                List.of(new LiveView.Connection(text, text, text, 3, 1.25)),
                2);
        String html = LivePage.fragment(view);
        assertEquals(1, html.lines().count());
        assertEquals(5, html.split("<td>", -1).length - 1, html);
        assertTrue(html.endsWith("<td>3</td><td>1.3</td></tr></tbody></table><p>and 2 more</p>"), html);
    }
}
