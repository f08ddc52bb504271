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
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The words are written here as a reader says them, most significant byte first, and put down in host order. */
final class TraitStoreCodecTest {
    private final ByteBuf buffer = Unpooled.buffer().writeZero(3).skipBytes(3);

    @AfterEach
    void release() {
        buffer.release();
    }

    @ParameterizedTest
    @CsvSource({
        // Key 3 has the low bit, key 17 the high bit, key 62 both.
        "RFC_V1, a1a2 b1b2b3b4 c1c2c3c4c5c6c7c8, '{3=0xa1a2, 17=0xb1b2b3b4, 62=0xc1c2c3c4c5c6c7c8}'",
        "RFC_V2, b1b2b3b4 c1c2c3c4c5c6c7c8, '{3, 17=0xb1b2b3b4, 62=0xc1c2c3c4c5c6c7c8}'",
        "TALK, a1a2a3a4 b1b2b3b4b5b6b7b8 c1c2c3c4c5c6c7c8c9cacbcccdcecfd0,"
                + " '{3=0xa1a2a3a4, 17=0xb1b2b3b4b5b6b7b8, 62=0xc1c2c3c4c5c6c7c8c9cacbcccdcecfd0}'",
    })
    void storeIsLiteralBytes(TraitStoreLayout layout, String values, String text) {
        write("4000000000020000", "4000000000000008", values);
        String bytes = ByteBufUtil.hexDump(buffer);
        Traits traits = TraitStoreCodec.decode(buffer, layout);
        assertEquals(text, traits.toString());
        assertEquals(0, buffer.readableBytes());
        assertEquals(bytes.length() / 2, TraitStoreCodec.encodedLength(traits));

        TraitStoreCodec.encode(traits, layout, buffer);
        assertEquals(bytes, ByteBufUtil.hexDump(buffer));
    }

    @ParameterizedTest
    @EnumSource
    void emptySetIsAHeaderOfZeros(TraitStoreLayout layout) {
        TraitStoreCodec.encode(Traits.EMPTY, layout, buffer);
        assertEquals("00".repeat(16), ByteBufUtil.hexDump(buffer));
        assertSame(Traits.EMPTY, TraitStoreCodec.decode(buffer, layout));
    }

    @ParameterizedTest
    @CsvSource({
        "RFC_V1, 0",
        "RFC_V1, 16",
        "RFC_V2, 2",
        "RFC_V2, 16",
        "TALK, 0",
        "TALK, 2",
    })
    void lengthThatTheLayoutLacksIsRefusedBeforeAnythingIsWritten(TraitStoreLayout layout, int length) {
        Traits traits = Traits.EMPTY.withInt(3, 3).with(20, new byte[length]).with(21, new byte[length]);
        var error = assertThrows(
                UnsupportedTraitLengthException.class, () -> TraitStoreCodec.encode(traits, layout, buffer));
        assertEquals(20, error.key());
        assertEquals(length, error.length());
        assertEquals(
                "the value of trait key 20 has " + (length == 0 ? "0 bytes (a flag)" : length + " bytes")
                        + ", which layout " + layout + " cannot hold",
                error.getMessage());
        assertEquals(0, buffer.readableBytes());
    }

    @ParameterizedTest
    @CsvSource({
        "TRUNCATED, 21, a1a2a3a4 b1",
        "TRUNCATED, 16, ''",
        "TRAILING,  28, a1a2a3a4 b1b2b3b4b5b6b7b8 c1",
    })
    void valuesOfAnotherTotalLengthAreRefused(Reason reason, int offset, String values) {
        write("0000000000020000", "0000000000000008", values);
        var error = assertThrows(
                MalformedTraitsException.class, () -> TraitStoreCodec.decode(buffer, TraitStoreLayout.TALK));
        assertEquals(reason, error.reason(), error::getMessage);
        assertEquals(offset, error.offset(), error::getMessage);
        assertEquals(3, buffer.readerIndex());
    }

    @Test
    void truncatedHeaderIsRefused() {
        buffer.writeZero(15);
        var error = assertThrows(
                MalformedTraitsException.class, () -> TraitStoreCodec.decode(buffer, TraitStoreLayout.RFC_V1));
        assertEquals(Reason.TRUNCATED, error.reason());
        assertEquals(15, error.offset());
    }

    @ParameterizedTest
    @EnumSource
    void layoutSupportsThreeLengths(TraitStoreLayout layout) {
        assertEquals(3, IntStream.of(0, 2, 4, 8, 16).filter(layout::supports).count());
    }

    private void write(String high, String low, String values) {
        writeWord(high);
        writeWord(low);
        buffer.writeBytes(HexFormat.of().parseHex(values.replace(" ", "")));
    }

    private void writeWord(String hex) {
        long word = Long.parseUnsignedLong(hex, 16);
        buffer.writeLong(ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? word : Long.reverseBytes(word));
    }
}
