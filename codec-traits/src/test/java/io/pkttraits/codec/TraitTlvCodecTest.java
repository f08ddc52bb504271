// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.pkttraits.Traits;
import io.pkttraits.codec.MalformedTraitsException.Reason;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TraitTlvCodecTest {
    private static final String ONE_OF_EACH_SIZE =
            "0404a1a2a3a4 0900 0b02b1b2 2108c1c2c3c4c5c6c7c8 3f10d1d2d3d4d5d6d7d8d9dadbdcdddedfe0";

    @Test
    void listIsLiteralBytesInKeyOrder() {
        ByteBuf in = buffer(ONE_OF_EACH_SIZE);
        Traits traits = TraitTlvCodec.decode(in);
        assertEquals(
                "{4=0xa1a2a3a4, 9, 11=0xb1b2, 33=0xc1c2c3c4c5c6c7c8, 63=0xd1d2d3d4d5d6d7d8d9dadbdcdddedfe0}",
                traits.toString());
        assertEquals(0, in.readableBytes());
        assertEquals(5 * 2 + 4 + 2 + 8 + 16, TraitTlvCodec.encodedLength(traits));

        in.clear();
        TraitTlvCodec.encode(traits, in);
        assertEquals(ONE_OF_EACH_SIZE.replace(" ", ""), ByteBufUtil.hexDump(in));
        in.release();
    }

    @Test
    void noBytesAreTheEmptySet() {
        assertSame(Traits.EMPTY, TraitTlvCodec.decode(Unpooled.EMPTY_BUFFER));
        TraitTlvCodec.encode(Traits.EMPTY, Unpooled.EMPTY_BUFFER);
    }

    @ParameterizedTest
    @CsvSource({
        "KEY_OUT_OF_RANGE, 4, 0402a1a2 4002b1b2",
        "KEY_OUT_OF_RANGE, 4, 0402a1a2 ff",
        "DUPLICATE_KEY,    4, 0402a1a2 0402a1a2",
        "DUPLICATE_KEY,    2, 0000 0000",
        "KEY_ORDER,        4, 0402a1a2 0302b1b2",
        "LENGTH,           5, 0402a1a2 0501b1",
        "LENGTH,           5, 0402a1a2 0503b1b2b3",
        "LENGTH,           5, 0402a1a2 05ff",
        "TRUNCATED,        4, 0402a1a2 05",
        "TRUNCATED,        6, 0402a1a2 0502b1",
        "TRUNCATED,        6, 0402a1a2 0510b1b2b3b4b5b6b7b8b9babbbcbdbebf",
    })
    void malformedListIsRefused(Reason reason, int offset, String list) {
        ByteBuf in = buffer(list);
        int readerIndex = in.readerIndex();
        var error = assertThrows(MalformedTraitsException.class, () -> TraitTlvCodec.decode(in));
        assertEquals(reason, error.reason(), error::getMessage);
        assertEquals(offset, error.offset(), error::getMessage);
        assertEquals(readerIndex, in.readerIndex());
        in.release();
    }

    private static ByteBuf buffer(String hex) {
        return Unpooled.buffer()
                .writeZero(3)
                .skipBytes(3)
                .writeBytes(HexFormat.of().parseHex(hex.replace(" ", "")));
    }
}
