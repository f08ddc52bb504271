// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.pkttraits.Traits;
import io.pkttraits.TraitsArbitraryProvider;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple.Tuple2;

/** Any text is the set that a plain reading of RFC 9651's grammar finds in it, or gives the one typed error. */
final class TraitFieldFuzzTest {
    /** RFC 9651 section 3.2's grammar, for the keys and types that this field has. */
    private static final String MEMBER = "k(6[0-3]|[1-5][0-9]|[0-9])(?:=(?:\\?1|:([A-Za-z0-9+/]+)(={0,2}):))?";

    private static final Pattern FIELD =
            Pattern.compile(" *(?:" + MEMBER + "(?:[ \\t]*,[ \\t]*" + MEMBER + ")*[ \\t]*)?");

    @Property(tries = 2000)
    void decodeOfEncodeIsTheSameSet(@ForAll Traits traits, @ForAll BufferKind kind) {
        assertEquals(traits, TraitFieldCodec.decode(TraitFieldCodec.encode(traits)));
        ByteBuf out = kind.empty();
        int readerIndex = out.readerIndex();
        TraitFieldCodec.encode(traits, out);
        assertEquals(readerIndex, out.readerIndex());
        assertEquals(TraitFieldCodec.encode(traits).toString(), out.toString(StandardCharsets.US_ASCII));
        assertEquals(traits, TraitFieldCodec.decode(out));
        assertEquals(0, out.readableBytes());
        out.release();
    }

    @Property
    void linesOfTwoSetsAreTheirUnionInWhichTheLastWins(@ForAll Traits first, @ForAll Traits last) {
        String joined = TraitFieldCodec.encode(first)
                + (first.isEmpty() || last.isEmpty() ? "" : ", ")
                + TraitFieldCodec.encode(last);
        assertEquals(first.merge(last), TraitFieldCodec.decode(joined));
    }

    @Property(tries = 3000)
    void mutatedFieldIsReadAsTheGrammarSays(
            @ForAll Traits traits, @ForAll("mutations") List<Tuple2<Integer, Character>> mutations) {
        StringBuilder field = new StringBuilder(TraitFieldCodec.encode(traits));
        for (Tuple2<Integer, Character> mutation : mutations) {
            if (!field.isEmpty()) {
                field.setCharAt(mutation.get1() % field.length(), mutation.get2());
            }
        }
        isReadAsTheGrammarSays(field.toString());
    }

    @Property(tries = 5000)
    void piecesOfFieldsAreReadAsTheGrammarSays(@ForAll("pieces") String field) {
        isReadAsTheGrammarSays(field);
    }

    @Property(tries = 3000)
    void anyTextIsReadAsTheGrammarSays(@ForAll String field) {
        isReadAsTheGrammarSays(field);
    }

    @Property(tries = 2000)
    void anyBytesAreReadOrRefusedWithoutMovingAnIndex(@ForAll byte[] bytes, @ForAll BufferKind kind) {
        ByteBuf in = kind.of(bytes);
        int readerIndex = in.readerIndex();
        try {
            Traits traits = TraitFieldCodec.decode(in);
            assertEquals(0, in.readableBytes());
            assertEquals(TraitFieldCodec.decode(new String(bytes, StandardCharsets.ISO_8859_1)), traits);
        } catch (MalformedTraitsException e) {
            assertEquals(readerIndex, in.readerIndex());
            assertArrayEquals(bytes, ByteBufUtil.getBytes(in));
        }
        in.release();
    }

    @Provide
    Arbitrary<List<Tuple2<Integer, Character>>> mutations() {
        return Mutations.by(interesting());
    }

    @Provide
    Arbitrary<String> pieces() {
        return Arbitraries.of(
                        "k",
                        "k4",
                        "k63",
                        "k64",
                        "k0",
                        "K4",
                        "=",
                        "=:",
                        ":",
                        "::",
                        "AQI=",
                        "AAAwOQ==",
                        "AQ",
                        "==",
                        "?1",
                        "?0",
                        ",",
                        ", ",
                        " ",
                        "\t",
                        ";a",
                        "=:AQI=:",
                        "=:AAAwOQ:",
                        "k4=:AQI=:",
                        "k9, ",
                        "0",
                        "\0",
                        "\"")
                .list()
                .ofMaxSize(8)
                .map(pieces -> String.join("", pieces));
    }

    private static Arbitrary<Character> interesting() {
        return Arbitraries.oneOf(
                Arbitraries.of(
                        ",:;=?k04 \t\r\nAz+/-_".chars().mapToObj(c -> (char) c).toList()),
                Arbitraries.chars());
    }

    private static void isReadAsTheGrammarSays(String field) {
        Map<Integer, byte[]> expected = read(field);
        try {
            Traits traits = TraitFieldCodec.decode(field);
            assertEquals(expected == null ? null : TraitsArbitraryProvider.build(expected), traits, field);
            if (traits.isEmpty()) {
                assertSame(Traits.EMPTY, traits);
            }
        } catch (MalformedTraitsException e) {
            assertEquals(null, expected, field);
            assertTrue(e.offset() >= 0 && e.offset() <= field.length(), e::getMessage);
        }
    }

    /** The set in the plainest way there is; null if the field is malformed. */
    private static Map<Integer, byte[]> read(String field) {
        if (!FIELD.matcher(field).matches()) {
            return null;
        }
        Map<Integer, byte[]> set = new LinkedHashMap<>();
        Matcher member = Pattern.compile(MEMBER).matcher(field);
        while (member.find()) {
            byte[] value = {};
            if (member.group(2) != null) {
                int padding = member.group(3).length();
                int length = member.group(2).length();
                if ((padding != 0 && (length + padding) % 4 != 0) || length % 4 == 1) {
                    return null;
                }
                value = Base64.getDecoder().decode(member.group(2));
                if (!List.of(2, 4, 8, 16).contains(value.length)) {
                    return null;
                }
            }
            set.put(Integer.parseInt(member.group(1)), value);
        }
        return set;
    }
}
