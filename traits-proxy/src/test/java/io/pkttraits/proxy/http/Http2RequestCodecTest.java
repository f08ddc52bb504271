// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.pkttraits.proxy.exchange.BadRequestException;
import io.pkttraits.proxy.exchange.RequestHead;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Whatever fields a client sends, even such as the decoder before would refuse, are refused or go on as one request head that
 * reads back the same in HTTP/1.1.
 */
class Http2RequestCodecTest {
    @Provide
    Arbitrary<Http2Headers> heads() {
        Arbitrary<String> noise = Arbitraries.strings()
                .withChars("aB1 \t\r\n:;,/\"\\\0\u007f\u00e9%[]@#?*")
                .ofMaxLength(12);
        Arbitrary<String> name = Arbitraries.frequencyOf(
                Tuple.of(
                        4,
                        Arbitraries.of(
                                ":method",
                                ":path",
                                ":scheme",
                                ":authority",
                                ":protocol",
                                "host",
                                "cookie",
                                "connection",
                                "te",
                                "transfer-encoding",
                                "x-http2-path",
                                "expect",
                                "x")),
                Tuple.of(1, noise));
        Arbitrary<String> value = Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.of("GET", "POST", "/", "/a?b", "*", "http", "https", "a", "h:1", "b=c", "x")),
                Tuple.of(1, noise));
        Arbitrary<Http2Headers> usual = Combinators.combine(
                        Arbitraries.of("GET", "POST", "OPTIONS", "TRACE"), Arbitraries.of("/", "/a", "*", "http://b/"))
                .as((method, path) -> new DefaultHttp2Headers(false)
                        .method(method)
                        .path(path)
                        .scheme("http")
                        .authority("a"));
        Arbitrary<List<String[]>> more = Combinators.combine(name, value)
                .as((n, v) -> new String[] {n, v})
                .list()
                .ofMaxSize(4);
        return Combinators.combine(usual, more, Arbitraries.of(true, false)).as((head, fields, replace) -> {
            for (String[] field : fields) {
                if (replace) {
                    head.set(field[0], field[1]);
                } else {
                    head.add(field[0], field[1]);
                }
            }
            return head;
        });
    }

    @Property(tries = 3000)
    void everyHeadIsRefusedOrReadsBackTheSame(@ForAll("heads") Http2Headers head, @ForAll boolean end)
            throws Exception {
        HttpRequest request = decode(head, end);
        if (request == null) {
            return;
        }
        try {
            RequestRules.checkStream(request, 1024);
        } catch (BadRequestException e) {
            assertTrue(e.status().code() >= 400 && e.status().code() <= 501);
            return;
        }
        RequestHead rewritten = RequestHead.of(request, "192.0.2.1", "upstream:80");
        HttpRequest again = readBack(rewritten.outgoing(), end);
        assertTrue(again.decoderResult().isSuccess(), () -> head + ": " + again.decoderResult());
        assertEquals(request.method(), again.method());
        assertEquals(String.valueOf(head.path()), again.uri());
        assertEquals(1, again.headers().getAll("host").size());
        assertFalse(again.headers().contains("connection"));
        assertFalse(again.headers().contains("x-http2-stream-id"));
        assertEquals(end ? List.of() : List.of("chunked"), again.headers().getAll("transfer-encoding"), head::toString);
    }

    private static HttpRequest decode(Http2Headers head, boolean end) {
        EmbeddedChannel channel = new EmbeddedChannel(new Http2RequestCodec());
        try {
            channel.writeInbound(new DefaultHttp2HeadersFrame(head, end));
            HttpRequest request = channel.readInbound();
            Object last = channel.readInbound();
            assertEquals(end, last instanceof LastHttpContent);
            return request;
        } catch (DecoderException e) {
            return null;
        } finally {
            channel.finishAndReleaseAll();
        }
    }

    private static HttpRequest readBack(HttpRequest request, boolean end) {
        EmbeddedChannel encoder = new EmbeddedChannel(new HttpRequestEncoder());
        encoder.writeOutbound(request);
        if (end) {
            encoder.writeOutbound(LastHttpContent.EMPTY_LAST_CONTENT);
        }
        EmbeddedChannel decoder = new EmbeddedChannel(new HttpRequestDecoder());
        for (ByteBuf buf = encoder.readOutbound(); buf != null; buf = encoder.readOutbound()) {
            decoder.writeInbound(
                    Unpooled.copiedBuffer(buf.toString(StandardCharsets.ISO_8859_1), StandardCharsets.ISO_8859_1));
            buf.release();
        }
        HttpRequest again = decoder.readInbound();
        encoder.finishAndReleaseAll();
        decoder.finishAndReleaseAll();
        return again;
    }
}
