// SPDX-License-Identifier: Apache-2.0
package io.pkttraits;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TraitsTest {
    private static final Traits ONE_OF_EACH_SIZE = Traits.EMPTY
            .with(63, hex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"))
            .with(0, hex("0102"))
            .with(5, hex("11121314"))
            .with(31, hex("8182838485868788"))
            .withFlag(32);

    @Test
    void valuesKeepTheirBytesAndOrder() {
        assertEquals(
                "{0=0x0102, 5=0x11121314, 31=0x8182838485868788, 32, 63=0xf0f1f2f3f4f5f6f7f8f9fafbfcfdfeff}",
                ONE_OF_EACH_SIZE.toString());
        assertEquals(5, ONE_OF_EACH_SIZE.size());
        assertEquals(30, ONE_OF_EACH_SIZE.valuesLength());
        assertEquals(1L | 1L << 5 | 1L << 31 | 1L << 32 | 1L << 63, ONE_OF_EACH_SIZE.keys());
        assertEquals("{}", Traits.EMPTY.toString());
    }

    @Test
    void lengthsAreThoseOfTheValues() {
        assertEquals(2, ONE_OF_EACH_SIZE.length(0));
        assertEquals(4, ONE_OF_EACH_SIZE.length(5));
        assertEquals(8, ONE_OF_EACH_SIZE.length(31));
        assertEquals(0, ONE_OF_EACH_SIZE.length(32));
        assertEquals(16, ONE_OF_EACH_SIZE.length(63));
        assertEquals(-1, ONE_OF_EACH_SIZE.length(1));
    }

    @Test
    void numbersAreReadInTheAskedOrder() {
        assertEquals(0x0102, ONE_OF_EACH_SIZE.getInt(0, -1, BIG_ENDIAN));
        assertEquals(0x0201, ONE_OF_EACH_SIZE.getInt(0, -1, LITTLE_ENDIAN));
        assertEquals(0x11121314, ONE_OF_EACH_SIZE.getInt(5, -1, BIG_ENDIAN));
        assertEquals(0x14131211, ONE_OF_EACH_SIZE.getInt(5, -1, LITTLE_ENDIAN));
        assertEquals(0x8182838485868788L, ONE_OF_EACH_SIZE.getLong(31, -1, BIG_ENDIAN));
        assertEquals(0x8887868584838281L, ONE_OF_EACH_SIZE.getLong(31, -1, LITTLE_ENDIAN));
        assertEquals(0x0102, ONE_OF_EACH_SIZE.getLong(0, -1, BIG_ENDIAN));
        assertEquals(0x14131211, ONE_OF_EACH_SIZE.getLong(5, -1, LITTLE_ENDIAN));
    }

    @Test
    void numbersAreHostOrderByDefault() {
        Traits traits =
                Traits.EMPTY.withShort(1, (short) 0x0102).withInt(2, 12345).withLong(3, -2);
        assertEquals(0x0102, traits.getInt(1, -1));
        assertEquals(12345, traits.getInt(2, -1));
        assertEquals(-2, traits.getLong(3, 0));
        assertArrayEquals(
                ByteBuffer.allocate(4)
                        .order(ByteOrder.nativeOrder())
                        .putInt(12345)
                        .array(),
                traits.getBytes(2));
    }

    @Test
    void shorterValuesAreZeroExtended() {
        Traits traits = Traits.EMPTY.withShort(1, (short) -1).withInt(2, -1);
        assertEquals(0xffff, traits.getInt(1, 0));
        assertEquals(0xffff, traits.getLong(1, 0));
        assertEquals(0xffffffffL, traits.getLong(2, 0));
    }

    @Test
    void unsignedIntIsNeverNegative() {
        Traits traits = Traits.EMPTY.withShort(1, (short) -1).withInt(2, -1).withInt(3, 0x80000001, BIG_ENDIAN);
        assertEquals(0xffff, traits.getUnsignedInt(1, -7));
        assertEquals(0xffffffffL, traits.getUnsignedInt(2, -7));
        assertEquals(0x80000001L, traits.getUnsignedInt(3, -7, BIG_ENDIAN));
        assertEquals(0x01000080L, traits.getUnsignedInt(3, -7, LITTLE_ENDIAN));
    }

    @Test
    void numberOfAnotherWidthIsAbsent() {
        assertEquals(-7, ONE_OF_EACH_SIZE.getInt(31, -7));
        assertEquals(-7, ONE_OF_EACH_SIZE.getInt(32, -7));
        assertEquals(-7, ONE_OF_EACH_SIZE.getInt(63, -7));
        assertEquals(-7, ONE_OF_EACH_SIZE.getUnsignedInt(31, -7));
        assertEquals(-7, ONE_OF_EACH_SIZE.getUnsignedInt(32, -7));
        assertEquals(-7, ONE_OF_EACH_SIZE.getUnsignedInt(63, -7));
        assertEquals(-7, ONE_OF_EACH_SIZE.getLong(32, -7));
        assertEquals(-7, ONE_OF_EACH_SIZE.getLong(63, -7));
        assertNull(ONE_OF_EACH_SIZE.getUuid(31));
        assertNull(ONE_OF_EACH_SIZE.getAddress(31));
        assertFalse(ONE_OF_EACH_SIZE.getFlag(0));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, -1, 64, 63 + 64, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void getOfAbsentOrImpossibleKeyIsNotAnError(int key) {
        assertFalse(ONE_OF_EACH_SIZE.contains(key));
        assertFalse(ONE_OF_EACH_SIZE.getFlag(key));
        assertEquals(-1, ONE_OF_EACH_SIZE.length(key));
        assertEquals(5, ONE_OF_EACH_SIZE.getInt(key, 5));
        assertEquals(6, ONE_OF_EACH_SIZE.getLong(key, 6));
        assertEquals(7, ONE_OF_EACH_SIZE.getUnsignedInt(key, 7));
        assertNull(ONE_OF_EACH_SIZE.getBytes(key));
        assertEquals(-1, ONE_OF_EACH_SIZE.getBytes(key, new byte[0], 9));
        assertNull(ONE_OF_EACH_SIZE.getAddress(key));
        assertNull(ONE_OF_EACH_SIZE.getUuid(key));
        assertEquals(-1, ONE_OF_EACH_SIZE.writeTo(key, Unpooled.EMPTY_BUFFER));
        assertSame(ONE_OF_EACH_SIZE, ONE_OF_EACH_SIZE.without(key));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 64, Integer.MIN_VALUE})
    void settingAnImpossibleKeyIsRefused(int key) {
        assertThrows(IllegalArgumentException.class, () -> Traits.EMPTY.withFlag(key));
        assertThrows(IllegalArgumentException.class, () -> Traits.EMPTY.withShort(key, (short) 1));
        assertThrows(IllegalArgumentException.class, () -> Traits.EMPTY.withInt(key, 1));
        assertThrows(IllegalArgumentException.class, () -> Traits.EMPTY.withLong(key, 1));
        assertThrows(IllegalArgumentException.class, () -> Traits.EMPTY.withUuid(key, new UUID(1, 2)));
        var error = assertThrows(IllegalArgumentException.class, () -> Traits.EMPTY.with(key, new byte[2]));
        assertEquals("trait key " + key + " is not in 0..63", error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5, 6, 7, 9, 12, 15, 17, 32})
    void settingAnImpossibleLengthIsRefused(int length) {
        var error = assertThrows(IllegalArgumentException.class, () -> Traits.EMPTY.with(4, new byte[length]));
        assertEquals(
                "the value of trait key 4 has " + length + " bytes, not 0 (a flag), 2, 4, 8 or 16", error.getMessage());
    }

    @Test
    void flagIsPresentWithoutBytes() {
        Traits flag = Traits.EMPTY.withFlag(9);
        assertTrue(flag.contains(9));
        assertTrue(flag.getFlag(9));
        assertEquals(0, flag.getBytes(9).length);
        assertEquals(0, flag.valuesLength());
        assertFalse(flag.isEmpty());
        assertNotEquals(Traits.EMPTY, flag);
        assertEquals(flag, Traits.EMPTY.with(9, new byte[0]));
    }

    @Test
    void uuidIsInNetworkOrder() {
        UUID uuid = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
        Traits traits = Traits.EMPTY.withUuid(7, uuid);
        assertEquals("{7=0x00112233445566778899aabbccddeeff}", traits.toString());
        assertEquals(uuid, traits.getUuid(7));
    }

    @Test
    void addressesAreInNetworkOrder() throws Exception {
        InetAddress four = InetAddress.getByName("192.0.2.1");
        InetAddress six = InetAddress.getByName("2001:db8::7");
        Traits traits = Traits.EMPTY.withAddress(1, four).withAddress(2, six);
        assertEquals("{1=0xc0000201, 2=0x20010db8000000000000000000000007}", traits.toString());
        assertEquals(four, traits.getAddress(1));
        assertEquals(six, traits.getAddress(2));
    }

    @Test
    void bytesAreCopies() {
        byte[] value = hex("0102");
        Traits traits = Traits.EMPTY.with(3, value);
        value[0] = 9;
        traits.getBytes(3)[1] = 9;
        assertArrayEquals(hex("0102"), traits.getBytes(3));
    }

    @Test
    void bytesGoWhereTheyAreAsked() {
        byte[] dst = new byte[7];
        assertEquals(4, ONE_OF_EACH_SIZE.getBytes(5, dst, 2));
        assertArrayEquals(hex("00001112131400"), dst);
        assertEquals(0, ONE_OF_EACH_SIZE.getBytes(32, dst, 7));
        assertThrows(IndexOutOfBoundsException.class, () -> ONE_OF_EACH_SIZE.getBytes(5, dst, 4));

        ByteBuf out = Unpooled.buffer();
        assertEquals(4, ONE_OF_EACH_SIZE.writeTo(5, out));
        assertEquals(16, ONE_OF_EACH_SIZE.writeTo(63, out));
        assertEquals(0, ONE_OF_EACH_SIZE.writeTo(32, out));
        assertEquals("11121314f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff", ByteBufUtil.hexDump(out));
        out.release();
    }

    @Test
    void keysAreIteratedInOrder() {
        assertEquals(0, ONE_OF_EACH_SIZE.nextKey(0));
        assertEquals(5, ONE_OF_EACH_SIZE.nextKey(1));
        assertEquals(63, ONE_OF_EACH_SIZE.nextKey(33));
        assertEquals(-1, ONE_OF_EACH_SIZE.nextKey(64));
        assertEquals(-1, ONE_OF_EACH_SIZE.nextKey(Integer.MAX_VALUE));
        assertEquals(-1, Traits.EMPTY.nextKey(0));
    }

    @Test
    void whatLeavesNothingIsTheEmptySet() {
        assertSame(Traits.EMPTY, Traits.EMPTY.withInt(3, 3).without(3));
        assertSame(Traits.EMPTY, ONE_OF_EACH_SIZE.only(2));
        assertSame(Traits.EMPTY, Traits.builder().build());
    }

    @Test
    void lastOfMergedSetsWins() {
        Traits first = Traits.EMPTY.with(1, hex("0101")).with(2, hex("0202")).withFlag(40);
        Traits last = Traits.EMPTY.with(2, hex("12121212")).with(3, hex("1313"));
        assertEquals("{1=0x0101, 2=0x12121212, 3=0x1313, 40}", first.merge(last).toString());
        assertEquals("{1=0x0101, 2=0x0202, 3=0x1313, 40}", last.merge(first).toString());
        assertSame(first, first.merge(Traits.EMPTY));
        assertSame(first, Traits.EMPTY.merge(first));
    }

    @Test
    void fullSetHolds1024Bytes() {
        Traits full = Traits.EMPTY;
        for (int key = 63; key >= 0; key--) {
            full = full.withUuid(key, new UUID(key, ~key));
        }
        assertEquals(1024, full.valuesLength());
        assertEquals(64, full.size());
        for (int key = 0; key < 64; key++) {
            assertEquals(new UUID(key, ~key), full.getUuid(key));
        }
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
