// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.pkttraits.Traits;
import io.pkttraits.codec.TraitFieldCodec;
import io.pkttraits.proxy.exchange.BadRequestException;
import io.pkttraits.proxy.exchange.RequestHead;
import io.pkttraits.proxy.hop.FieldReader;
import io.pkttraits.proxy.hop.TestHops;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Whatever a client writes around a field Packet-Traits, the upstream gets the proxy's or none. */
class FieldFuzzTest {
    private static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.1", 4242);
    private static final InetSocketAddress STRANGER = new InetSocketAddress("203.0.113.1", 4242);
    private static final Traits TRAITS = Traits.builder().putFlag(9).build();

    private final TestHops hops = new TestHops();

    @Provide
    Arbitrary<String> heads() {
        Arbitrary<String> name = Arbitraries.frequencyOf(
                Tuple.of(
                        4,
                        Arbitraries.of(
                                "Packet-Traits",
                                "packet-traits",
                                "PACKET_TRAITS",
                                "packet.traits",
                                "Packet-Traits ",
                                " Packet-Traits",
                                "\tpacket-traits",
                                "Packet\tTraits",
                                "Connection",
                                "X",
                                "Content-Length",
                                "Transfer-Encoding",
                                "Trailer")),
                Tuple.of(1, noise()));
        Arbitrary<String> value = Arbitraries.frequencyOf(
                Tuple.of(
                        3,
                        Arbitraries.of(
                                "k4", "k4=:AAAwOQ==:", "packet-traits", "close, Packet_Traits", "0", "chunked", "k64")),
                Tuple.of(1, noise()));
        Arbitrary<String> end = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.just("\r\n")),
                Tuple.of(1, Arbitraries.of("\r\n ", "\r\n\t", "\n", "\r", "\r\r\n", "\0\r\n", " \r\n")));
        return Combinators.combine(name, Arbitraries.of(": ", ":", " : ", "", ":\t"), value, end)
                .as((n, colon, v, e) -> n + colon + v + e)
                .list()
                .ofMinSize(1)
                .ofMaxSize(6)
                .map(lines -> "GET / HTTP/1.1\r\nHost: a\r\n" + String.join("", lines) + "\r\n");
    }

    @Property(tries = 5000)
    void fieldOfAClientThatIsNotBelievedNeverGoesOn(@ForAll("heads") String head) {
        HttpRequest request = decode(head);
        if (request != null) {
            FieldReader reader = new FieldReader(hops.config(), STRANGER);
            assertSame(TRAITS, reader.take(request.headers(), TRAITS));
            assertEquals(List.of(), fieldsOf(encode(request)), head);
        }
    }

    @Property(tries = 3000)
    void fieldOfABelievedClientGoesOnAsTheProxysOwn(@ForAll("heads") String head) {
        HttpRequest request = decode(head);
        if (request != null) {
            Traits traits = new FieldReader(hops.config(), CLIENT).take(request.headers(), TRAITS);
            String field = TraitFieldCodec.encode(traits).toString();
            RequestHead rewritten = RequestHead.of(request, "192.0.2.1", "upstream:80");
            rewritten.outgoing().headers().set(TraitFieldCodec.NAME, field);
            List<String> fields = fieldsOf(encodeAsIs(rewritten));
            assertEquals(List.of("packet-traits: " + field.toLowerCase(Locale.ROOT)), fields, head);
            assertFalse(traits.only(1L << 9).isEmpty());
        }
    }

    private static Arbitrary<String> noise() {
        return Arbitraries.strings()
                .withChars("packet-risPACKETRS_ \t\r\n:;,k4=\0\u00e9")
                .ofMaxLength(15);
    }

    /** A request that the rules let pass, or null. */
    private static HttpRequest decode(String head) {
        EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestDecoder());
        channel.writeInbound(Unpooled.copiedBuffer(head, StandardCharsets.ISO_8859_1));
        HttpRequest request = channel.readInbound();
        channel.finishAndReleaseAll();
        if (request == null) {
            return null;
        }
        try {
            RequestRules.check(request);
            return request;
        } catch (BadRequestException e) {
            return null;
        } finally {
            ReferenceCountUtil.release(request);
        }
    }

    private static String encode(HttpRequest request) {
        return encodeAsIs(RequestHead.of(request, "192.0.2.1", "upstream:80"));
    }

    private static String encodeAsIs(RequestHead head) {
        EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestEncoder());
        channel.writeOutbound(head.outgoing());
        if (!head.hasBody()) {
            channel.writeOutbound(LastHttpContent.EMPTY_LAST_CONTENT);
        }
        StringBuilder bytes = new StringBuilder();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            bytes.append(part.toString(StandardCharsets.ISO_8859_1));
            part.release();
        }
        channel.finishAndReleaseAll();
        return bytes.toString();
    }

    /** The lines, in lower case, that any server could take for the field. */
    private static List<String> fieldsOf(String message) {
        return message.toLowerCase(Locale.ROOT)
                .lines()
                .filter(line -> line.matches("[ \\t]*packet[^a-z0-9]traits[ \\t]*:.*"))
                .toList();
    }
}
