// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.pkttraits.Traits;
import io.pkttraits.codec.TraitTlvCodec;
import io.pkttraits.transport.TraitSets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class Ipv6TraitOptionTest {
    @Test
    void headerNeedsNoPaddingWhereTheLengthIsAMultipleOfEight() {
        assertEquals("00001e0454520900", encode(Traits.EMPTY.withFlag(9)));
    }

    @Test
    void headerIsPaddedByPadN() {
        Traits traits = Traits.EMPTY.with(4, new byte[] {0x11, 0x22, 0x33, 0x44});
        assertEquals("00011e085452" + "040411223344" + "01020000", encode(traits));
    }

    @Test
    void largestOptionFillsItsLengthByte() {
        Traits traits = TraitSets.largestTlv(Ipv6TraitOption.MAX_TLV_LENGTH);
        ByteBuf out = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(encode(traits)));
        assertEquals(255 + 4 + 5, out.readableBytes());
        assertEquals(out.readableBytes() / 8 - 1, out.getUnsignedByte(1));
        assertEquals(OptionSearchResult.FOUND, Ipv6TraitOption.find(out, 2, out.capacity()));
        assertEquals(traits, TraitTlvCodec.decode(out));
    }

    private static String encode(Traits traits) {
        ByteBuf out = Unpooled.buffer();
        Ipv6TraitOption.encode(traits, TraitTlvCodec.encodedLength(traits), out);
        return ByteBufUtil.hexDump(out);
    }

    @ParameterizedTest
    @CsvSource({
        "1e0454520900, FOUND",
        "00 1e0454520900, FOUND",
        "0100 1e0454520900 01020000, FOUND",
        "1e02abcd 1e0454520900, FOUND",
        "'', ABSENT",
        "00, ABSENT",
        "010400000000, ABSENT",
        "1e02abcd, FOREIGN",
        "1e00, FOREIGN",
        "1e0154, FOREIGN",
        "1e, MALFORMED",
        "1e0554520900, MALFORMED",
        "01, MALFORMED",
        "0101, MALFORMED",
        "1e0454520900 1e0454520900, MALFORMED",
    })
    void optionsAreFoundOrRefused(String hex, OptionSearchResult expected) {
        ByteBuf buf = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex.replace(" ", "")));
        assertEquals(expected, Ipv6TraitOption.find(buf, 0, buf.capacity()));
        if (expected == OptionSearchResult.FOUND) {
            assertEquals(Traits.EMPTY.withFlag(9), TraitTlvCodec.decode(buf));
        }
    }
}
