// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBufUtil;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CmsgHdrTest {
    private static final String TWO_MESSAGES = "1300000000000000" + "01020304" + "05060708" + "a1a2a30000000000"
            + "1800000000000000" + "11121314" + "15161718" + "b1b2b3b4b5b6b7b8";

    private final NativeMemory memory = new NativeMemory(256);

    @Test
    void encoderWritesLevelTypeAndTheLengthOfWhatWasAppended() {
        memory.bytes().setZero(0, 256).setByte(7 + 16 + 3, 0x55);
        CmsgHdr.Encoder cmsgs = new CmsgHdr.Encoder().begin(memory, 8, 64);
        cmsgs.add(0x04030201, 0x08070605).writeMedium(0xa1a2a3);
        cmsgs.finish();
        cmsgs.add(0x14131211, 0x18171615).writeLong(0xb1b2b3b4b5b6b7b8L);
        cmsgs.finish();
        assertEquals(48, cmsgs.length());
        assertEquals(TWO_MESSAGES, ByteBufUtil.hexDump(memory.bytes(), 8, cmsgs.length()));
    }

    @Test
    void encoderRefusesWhatItsCapacityDoesNotHold() {
        CmsgHdr.Encoder cmsgs = new CmsgHdr.Encoder().begin(memory, 0, CmsgHdr.space(2));
        cmsgs.add(1, 2).writeZero(9);
        assertThrows(IndexOutOfBoundsException.class, cmsgs::finish);
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> new CmsgHdr.Encoder().begin(memory, 0, 15).add(1, 2));
    }

    private CmsgHdr.Iterator iterate(String hex, int start) {
        byte[] bytes = ByteBufUtil.decodeHexDump(hex);
        memory.bytes().setBytes(start, bytes);
        return new CmsgHdr.Iterator().begin(memory, start, 64, bytes.length);
    }

    @Test
    void iteratorGivesEachMessageWithItsData() {
        CmsgHdr.Iterator cmsgs = iterate(TWO_MESSAGES, 24);
        for (int round = 0; round < 2; round++) {
            assertTrue(cmsgs.next());
            assertTrue(cmsgs.is(0x04030201, 0x08070605));
            assertFalse(cmsgs.is(0x04030201, 0x08070604));
            assertFalse(cmsgs.is(0x04030202, 0x08070605));
            assertEquals("a1a2a3", ByteBufUtil.hexDump(cmsgs.data()));
            assertEquals(-1, cmsgs.intData());
            assertTrue(cmsgs.next());
            assertEquals("b1b2b3b4b5b6b7b8", ByteBufUtil.hexDump(cmsgs.data()));
            assertEquals(0xb4b3b2b1, cmsgs.intData());
            assertFalse(cmsgs.next());
            assertFalse(cmsgs.isMalformed());
            cmsgs.rewind();
        }
    }

    @Test
    void paddingOfTheLastMessageMayBeMissing() {
        CmsgHdr.Iterator cmsgs = iterate(TWO_MESSAGES.substring(0, 38), 0);
        assertTrue(cmsgs.next());
        assertEquals("a1a2a3", ByteBufUtil.hexDump(cmsgs.data()));
        assertFalse(cmsgs.next());
        assertFalse(cmsgs.isMalformed());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00000000000000000000000000000000",
                "0f000000000000000102030405060708",
                "11000000000000000102030405060708",
                "10000000010000000102030405060708",
                "ffffffffffffffff0102030405060708",
                "100000000000000001020304050607",
            })
    void lengthThatDoesNotAddUpEndsTheWalk(String hex) {
        CmsgHdr.Iterator cmsgs = iterate(hex, 0);
        assertFalse(cmsgs.next());
        assertTrue(cmsgs.isMalformed());
        assertFalse(cmsgs.next());
    }

    @Test
    void controlLengthBeyondTheBufferIsMalformed() {
        assertTrue(new CmsgHdr.Iterator().begin(memory, 0, 64, 65).isMalformed());
        assertTrue(new CmsgHdr.Iterator().begin(memory, 0, 64, -1).isMalformed());
    }

    @Property
    void anyBytesAreWalkedWithinTheirBounds(
            @ForAll @Size(max = 96) byte[] bytes, @ForAll @IntRange(max = 40) int firstLength) {
        NativeMemory any = new NativeMemory(128);
        any.bytes().setBytes(16, bytes);
        if (bytes.length >= 8) {
            any.host().putLong(16, firstLength);
        }
        CmsgHdr.Iterator cmsgs = new CmsgHdr.Iterator().begin(any, 16, 96, bytes.length);
        int rounds = 0;
        while (cmsgs.next()) {
            rounds++;
            assertTrue(cmsgs.dataIndex() >= 32 && cmsgs.dataLength() >= 0);
            assertTrue(cmsgs.dataIndex() + cmsgs.dataLength() <= 16 + bytes.length);
            assertEquals(cmsgs.dataLength(), cmsgs.data().readableBytes());
        }
        assertTrue(rounds <= bytes.length / 16);
    }
}
