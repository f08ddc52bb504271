// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.pkttraits.Traits;
import io.pkttraits.codec.TraitTlvCodec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class Ipv4TraitOptionTest {
    @Test
    void optionIsTypeLengthIdAndTlvsPaddedToFour() {
        Traits traits =
                Traits.EMPTY.with(4, new byte[] {0x11, 0x22, 0x33, 0x44}).with(9, new byte[0]);
        ByteBuf out = Unpooled.buffer();
        Ipv4TraitOption.encode(traits, TraitTlvCodec.encodedLength(traits), out);
        assertEquals("9e0c5452" + "040411223344" + "0900", ByteBufUtil.hexDump(out));
    }

    @Test
    void paddingIsEndOfOptions() {
        Traits traits = Traits.EMPTY.with(4, new byte[] {0x11, 0x22});
        ByteBuf out = Unpooled.buffer();
        Ipv4TraitOption.encode(traits, TraitTlvCodec.encodedLength(traits), out);
        assertEquals("9e085452" + "04021122", ByteBufUtil.hexDump(out));
        out.clear();
        traits = traits.with(5, new byte[0]);
        Ipv4TraitOption.encode(traits, TraitTlvCodec.encodedLength(traits), out);
        assertEquals("9e0a5452" + "04021122" + "0500" + "0000", ByteBufUtil.hexDump(out));
    }

    @ParameterizedTest
    @CsvSource({
        "9e0654520900, FOUND",
        "019e06545209000000, FOUND",
        "94040000 9e0654520900, FOUND",
        "9e04ffff 9e0654520900, FOUND",
        "'', ABSENT",
        "00, ABSENT",
        "00 9e0654520900, ABSENT",
        "94040000, ABSENT",
        "9e06abcd0900, FOREIGN",
        "9e02, FOREIGN",
        "9e0354, FOREIGN",
        "9e, MALFORMED",
        "9e00, MALFORMED",
        "9e01, MALFORMED",
        "9e0754520900, MALFORMED",
        "94, MALFORMED",
        "9e0654520900 9e0654520900, MALFORMED",
        "830704c0000201 9e0654520900, SOURCE_ROUTED",
        "9e0654520900 890704c0000201, SOURCE_ROUTED",
    })
    void optionsAreFoundOrRefused(String hex, OptionSearchResult expected) {
        ByteBuf buf = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex.replace(" ", "")));
        assertEquals(expected, Ipv4TraitOption.find(buf, 0, buf.capacity()));
        if (expected == OptionSearchResult.FOUND) {
            assertEquals(Traits.EMPTY.withFlag(9), TraitTlvCodec.decode(buf));
        }
    }
}
