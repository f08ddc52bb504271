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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PktTraitCodecTest {
    private static final String ELEMENT_4 = "00040400 00000000 a1a2a3a4 00000000 00000000 00000000";
    private static final String ELEMENT_9 = "0009ff00 00000000 00000000 00000000 00000000 00000000";
    private static final String ELEMENT_11 = "000b0200 00000000 b1b20000 00000000 00000000 00000000";
    private static final String ELEMENT_33 = "00210800 00000000 c1c2c3c4 c5c6c7c8 00000000 00000000";
    private static final String ELEMENT_63 = "003f1000 00000000 d1d2d3d4 d5d6d7d8 d9dadbdc dddedfe0";
    private static final String ABSENT_5 = "00050000 00000000 00000000 00000000 00000000 00000000";
    private static final String FAILED_6 = "0006041c 00000000 e1e2e3e4 00000000 00000000 00000000";

    private final ByteBuf buffer = Unpooled.buffer().writeZero(5).skipBytes(5);

    @AfterEach
    void release() {
        buffer.release();
    }

    @Test
    void elementsAreLiteralBytesInKeyOrder() {
        Traits traits = decode(ELEMENT_63 + ELEMENT_11 + ELEMENT_4 + ELEMENT_33 + ELEMENT_9);
        assertEquals(
                "{4=0xa1a2a3a4, 9, 11=0xb1b2, 33=0xc1c2c3c4c5c6c7c8, 63=0xd1d2d3d4d5d6d7d8d9dadbdcdddedfe0}",
                traits.toString());
        assertEquals(5 * 24, PktTraitCodec.encodedLength(traits));
        PktTraitCodec.encode(traits, buffer);
        assertReadable(ELEMENT_4 + ELEMENT_9 + ELEMENT_11 + ELEMENT_33 + ELEMENT_63);
    }

    @Test
    void getRequestNamesKeysAlone() {
        PktTraitCodec.encodeKeys(1L << 4 | 1L << 63, buffer);
        assertReadable("00040000 00000000 00000000 00000000 00000000 00000000"
                + "003f0000 00000000 00000000 00000000 00000000 00000000");
        assertSame(Traits.EMPTY, PktTraitCodec.decode(buffer));
    }

    @Test
    void getRequestForAllKeysHas64Elements() {
        PktTraitCodec.encodeKeys(-1L, buffer);
        assertEquals(64 * PktTraitCodec.LENGTH, buffer.readableBytes());
        for (int index = 0; index < 64; index++) {
            assertEquals(index, PktTraitCodec.key(buffer, index));
        }
    }

    @Test
    void absentElementsAreLeftOut() {
        assertEquals("{4=0xa1a2a3a4}", decode(ABSENT_5 + ELEMENT_4 + ABSENT_5).toString());
        assertSame(Traits.EMPTY, decode(ABSENT_5));
        assertSame(Traits.EMPTY, decode(""));
    }

    @Test
    void absentElementOfAPresentKeyIsNotADuplicate() {
        String absent4 = "00040000 00000000 00000000 00000000 00000000 00000000";
        assertEquals("{4=0xa1a2a3a4}", decode(ELEMENT_4 + absent4).toString());
    }

    @Test
    void failedElementsAreLeftOutAndCanBeAskedFor() {
        write(ELEMENT_4 + FAILED_6 + ELEMENT_9);
        assertEquals(3 * PktTraitCodec.LENGTH, buffer.readableBytes());
        assertEquals(1, PktTraitCodec.firstError(buffer));
        assertEquals(28, PktTraitCodec.ioErr(buffer, 1));
        assertEquals(6, PktTraitCodec.key(buffer, 1));
        assertEquals(0, PktTraitCodec.ioErr(buffer, 0));
        assertEquals("{4=0xa1a2a3a4, 9}", PktTraitCodec.decode(buffer).toString());
    }

    @Test
    void otherFieldsOfAFailedElementMeanNothing() {
        assertSame(Traits.EMPTY, decode("01ff0316 00000002 00000000 00000000 00000000 00000003"));
    }

    @ParameterizedTest
    @CsvSource({
        "KEY_OUT_OF_RANGE, 25, 00400400 00000000 a1a2a3a4 00000000 00000000 00000000",
        "KEY_OUT_OF_RANGE, 25, 00ff0000 00000000 00000000 00000000 00000000 00000000",
        "LENGTH,           26, 00050100 00000000 a1000000 00000000 00000000 00000000",
        "LENGTH,           26, 00051100 00000000 a1000000 00000000 00000000 00000000",
        "LENGTH,           26, 0005fe00 00000000 a1000000 00000000 00000000 00000000",
        "PADDING,          24, 01050400 00000000 a1a2a3a4 00000000 00000000 00000000",
        "PADDING,          28, 00050400 00000001 a1a2a3a4 00000000 00000000 00000000",
        "PADDING,          28, 00050400 01000000 a1a2a3a4 00000000 00000000 00000000",
        "PADDING,          32, 00050000 00000000 01000000 00000000 00000000 00000000",
        "PADDING,          32, 0005ff00 00000000 01000000 00000000 00000000 00000000",
        "PADDING,          32, 0005ff00 00000000 00000000 00000000 00000000 00000001",
        "PADDING,          34, 00050200 00000000 a1a20100 00000000 00000000 00000000",
        "PADDING,          36, 00050400 00000000 a1a2a3a4 01000000 00000000 00000000",
        "PADDING,          40, 00050800 00000000 a1a2a3a4 a5a6a7a8 01000000 00000000",
        "PADDING,          40, 00050800 00000000 a1a2a3a4 a5a6a7a8 00000000 00000001",
        "DUPLICATE_KEY,    25, 0009ff00 00000000 00000000 00000000 00000000 00000000",
        "DUPLICATE_KEY,    25, 00090400 00000000 a1a2a3a4 00000000 00000000 00000000",
        "TRUNCATED,        24, 00050400 00000000 a1a2a3a4 00000000 00000000 000000",
        "TRUNCATED,        24, 00",
    })
    void malformedElementIsRefused(Reason reason, int offset, String element) {
        write(ELEMENT_9 + element);
        var error = assertThrows(MalformedTraitsException.class, () -> PktTraitCodec.decode(buffer));
        assertEquals(reason, error.reason(), error::getMessage);
        assertEquals(offset, error.offset(), error::getMessage);
        assertEquals(0, error.getStackTrace().length);
        assertEquals(5, buffer.readerIndex());
    }

    private Traits decode(String hex) {
        write(hex);
        Traits traits = PktTraitCodec.decode(buffer);
        assertEquals(0, buffer.readableBytes());
        return traits;
    }

    private void write(String hex) {
        buffer.writeBytes(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private void assertReadable(String hex) {
        assertEquals(hex.replace(" ", ""), ByteBufUtil.hexDump(buffer));
    }
}
