// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.AsciiString;
import io.pkttraits.Traits;
import io.pkttraits.TraitsBuilder;
import io.pkttraits.codec.MalformedTraitsException.Reason;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TraitFieldCodecTest {
    private static final String ONE_OF_EACH_SIZE =
            "k4=:AAAwOQ==:, k9, k11=:sbI=:, k33=:wcLDxMXGx8g=:, k63=:0dLT1NXW19jZ2tvc3d7f4A==:";

    @Test
    void fieldIsLiteralTextInKeyOrder() {
        Traits traits = TraitFieldCodec.decode(ONE_OF_EACH_SIZE);
        assertEquals(
                "{4=0x00003039, 9, 11=0xb1b2, 33=0xc1c2c3c4c5c6c7c8, 63=0xd1d2d3d4d5d6d7d8d9dadbdcdddedfe0}",
                traits.toString());
        assertEquals(ONE_OF_EACH_SIZE, TraitFieldCodec.encode(traits).toString());
    }

    @Test
    void noCharactersAreTheEmptySet() {
        assertSame(Traits.EMPTY, TraitFieldCodec.decode(""));
        assertSame(Traits.EMPTY, TraitFieldCodec.decode("  "));
        assertEquals("", TraitFieldCodec.encode(Traits.EMPTY).toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "k9=?1|{9}",
                "k63,k0|{0, 63}",
                "  k1\t ,\t k2\t |{1, 2}",
                // The last of the same keys, whatever it was before.
                "k4=:AAAwOQ==:, k4=:AQI=:|{4=0x0102}",
                "k4=:AAAwOQ==:, k5, k4|{4, 5}",
                "k4, k4=:AQI=:|{4=0x0102}",
                // Padding that is missing, and bits behind the last byte.
                "k4=:AAAwOQ:|{4=0x00003039}",
                "k4=:AAAwOf==:|{4=0x00003039}",
                "k4=:+/8=:|{4=0xfbff}",
            })
    void whatRfc9651LetsPassIsTheSameSet(String field, String traits) {
        assertEquals(traits, TraitFieldCodec.decode(field).toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "KEY_OUT_OF_RANGE|4|k1, k64",
                "KEY_OUT_OF_RANGE|0|k100",
                "KEY_OUT_OF_RANGE|0|k04",
                "KEY_OUT_OF_RANGE|0|k00",
                "KEY_OUT_OF_RANGE|0|k",
                "KEY_OUT_OF_RANGE|0|k4a",
                "KEY_OUT_OF_RANGE|0|k1.",
                "KEY_OUT_OF_RANGE|0|customer=?1",
                "KEY_OUT_OF_RANGE|0|*4",
                "KEY_OUT_OF_RANGE|0|k99999999999999999999",
                "SYNTAX|0|K4",
                "SYNTAX|0|4",
                "SYNTAX|0|\tk4",
                "SYNTAX|0|,",
                "SYNTAX|4|k4, , k5",
                "SYNTAX|3|k4 k5",
                "SYNTAX|3|k4 =?1",
                "SYNTAX|2|k4;a",
                "SYNTAX|13|k4=:AAAwOQ==:;a=1",
                "SYNTAX|4|k4=:-_8=:",
                "SYNTAX|7|k4=:AAA A==:",
                "SYNTAX|8|k4=:AA==AA==:",
                "SYNTAX|2|k4\u0000",
                "SYNTAX|2|k4\u00e9",
                "SYNTAX|4|k4=?2",
                "TYPE|4|k4=?0",
                "TYPE|3|k4=5",
                "TYPE|3|k4=\"a\"",
                "TYPE|3|k4=(k5)",
                "TYPE|3|k4= :AQI=:",
                "TYPE|3|k4=@1659578233",
                "TRUNCATED|3|k4=",
                "TRUNCATED|3|k4,",
                "TRUNCATED|5|k4, \t",
                "TRUNCATED|4|k4=:",
                "TRUNCATED|9|k4=:AAAwO",
                "TRUNCATED|8|k4=:AQI=",
                "LENGTH|4|k4=::",
                "LENGTH|4|k4=:AQ==:",
                "LENGTH|4|k4=:AQID:",
                "LENGTH|4|k4=:AQIDBAU=:",
                "LENGTH|4|k4=:0dLT1NXW19jZ2tvc3d7f4OE=:",
                "LENGTH|4|k4=:AAAwOQ=:",
                "LENGTH|4|k4=:AAAwOQ===:",
                "LENGTH|4|k4=:A:",
                "LENGTH|4|k4=:AQI==:",
                "LENGTH|4|k4=:====:",
            })
    void malformedFieldIsRefused(Reason reason, int offset, String field) {
        var error = assertThrows(MalformedTraitsException.class, () -> TraitFieldCodec.decode(field));
        assertEquals(offset, error.offset(), error::getMessage);
        assertEquals(reason, error.reason(), error::getMessage);
    }

    @Test
    void longValueIsRefusedWhateverItsLength() {
        String field = "k4=:" + "A".repeat(1 << 20) + ":";
        var error = assertThrows(MalformedTraitsException.class, () -> TraitFieldCodec.decode(field));
        assertEquals(Reason.LENGTH, error.reason());
        assertTrue(error.getMessage().length() < 80, error::getMessage);
    }

    @Test
    void largestSetIsNoLongerThanTheBoundSays() {
        TraitsBuilder builder = Traits.builder();
        for (int key = 0; key < Traits.MAX_KEYS; key++) {
            builder.put(key, HexFormat.of().parseHex("00112233445566778899aabbccddeeff"));
        }
        Traits largest = builder.build();
        AsciiString field = TraitFieldCodec.encode(largest);
        assertEquals(64 * "k10=:ABEiM0RVZneImaq7zN3u/w==:, ".length() - 2 - 10, field.length());
        assertEquals(largest, TraitFieldCodec.decode(field));
    }
}
