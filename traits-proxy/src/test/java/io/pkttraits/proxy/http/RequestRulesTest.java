// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.pkttraits.proxy.exchange.BadRequestException;
import io.pkttraits.proxy.exchange.RequestHead;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a client sends as a request's head is refused with a status, or goes on in a form that reads back the same. */
class RequestRulesTest {
    @Provide
    Arbitrary<String> heads() {
        Arbitrary<String> noise = Arbitraries.strings()
                .withChars("aB1 \t\r\n:;,/\"\\\0\u007f\u00e9%[]@#?*")
                .ofMaxLength(12);
        Arbitrary<String> method = Arbitraries.of("GET", "POST", "get", "OPTIONS", "G@T", "");
        Arbitrary<String> target =
                Arbitraries.oneOf(Arbitraries.of("/", "*", "http://h/p", "https://h:1?q", "/a?b=c", "ftp://x"), noise);
        Arbitrary<String> version =
                Arbitraries.of("HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/1.2", "HTTP/2.0", "http/1.1", "");
        Arbitrary<String> name = Arbitraries.of(
                "Host", "Host", "Content-Length", "Transfer-Encoding", "Connection", "X", "Expect", "Host ", " X", "");
        Arbitrary<String> value =
                Arbitraries.oneOf(Arbitraries.of("a", "5", "0", "chunked", "close, X", "100-continue"), noise);
        Arbitrary<String> field = Combinators.combine(name, value).as((n, v) -> n + ": " + v + "\r\n");
        return Combinators.combine(method, target, version, field.list().ofMaxSize(5))
                .as((m, t, v, fields) -> m + " " + t + " " + v + "\r\n" + String.join("", fields) + "\r\n");
    }

    @Property(tries = 3000)
    void everyHeadIsRefusedOrReadsBackTheSame(@ForAll("heads") String head) {
        HttpRequest request = decode(head);
        if (request == null) {
            return;
        }
        try {
            RequestRules.check(request);
        } catch (BadRequestException e) {
            assertTrue(e.status().code() >= 400 && e.status().code() <= 505);
            return;
        } finally {
            ReferenceCountUtil.release(request);
        }
        RequestHead rewritten = RequestHead.of(request, "192.0.2.1", "upstream:80");
        HttpRequest again = decode(encode(rewritten.outgoing(), rewritten.hasBody()));
        assertTrue(
                again.decoderResult().isSuccess(), () -> again.decoderResult().toString());
        assertEquals(request.method(), again.method());
        assertEquals(request.uri(), again.uri());
        assertEquals(1, again.headers().getAll("host").size());
        assertEquals(request.headers().getAll("content-length"), again.headers().getAll("content-length"));
        assertEquals(
                request.headers().getAll("transfer-encoding"), again.headers().getAll("transfer-encoding"));
        assertTrue(!again.headers().contains("connection"));
    }

    private static HttpRequest decode(String head) {
        EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestDecoder());
        channel.writeInbound(Unpooled.copiedBuffer(head, StandardCharsets.ISO_8859_1));
        HttpRequest request = channel.readInbound();
        channel.finishAndReleaseAll();
        return request;
    }

    private static String encode(HttpRequest request, boolean hasBody) {
        EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestEncoder());
        channel.writeOutbound(request);
        if (!hasBody) {
            channel.writeOutbound(LastHttpContent.EMPTY_LAST_CONTENT);
        }
        StringBuilder bytes = new StringBuilder();
        for (io.netty.buffer.ByteBuf buf = channel.readOutbound(); buf != null; buf = channel.readOutbound()) {
            bytes.append(buf.toString(StandardCharsets.ISO_8859_1));
            buf.release();
        }
        channel.finishAndReleaseAll();
        return bytes.toString();
    }
}
