// SPDX-License-Identifier: Apache-2.0
package io.pkttraits;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class TraitsBuilderTest {
    @Test
    void everyPutIsTheSetsWith() throws Exception {
        InetAddress address = InetAddress.getByName("192.0.2.9");
        UUID uuid = new UUID(0x0102030405060708L, 0x090a0b0c0d0e0f10L);
        Traits built = Traits.builder()
                .putUuid(60, uuid)
                .putFlag(1)
                .putShort(2, (short) 0x0203)
                .putInt(3, 0x03040506)
                .putLong(4, 0x0708090a0b0c0d0eL)
                .putAddress(5, address)
                .put(6, new byte[] {6, 7})
                .build();
        assertEquals(
                Traits.EMPTY
                        .withFlag(1)
                        .withShort(2, (short) 0x0203)
                        .withInt(3, 0x03040506)
                        .withLong(4, 0x0708090a0b0c0d0eL)
                        .withAddress(5, address)
                        .with(6, new byte[] {6, 7})
                        .withUuid(60, uuid),
                built);
    }

    @Test
    void lastPutOfAKeyWins() {
        Traits built = Traits.builder()
                .putLong(3, -1)
                .put(4, new byte[] {4, 4})
                .put(3, new byte[] {3, 5})
                .putFlag(4)
                .build();
        assertEquals("{3=0x0305, 4}", built.toString());
    }

    @Test
    void buildEmptiesTheBuilder() {
        TraitsBuilder builder = Traits.builder().put(3, new byte[] {3, 3});
        Traits first = builder.build();
        Traits second = builder.put(5, new byte[] {5, 5}).putFlag(9).build();
        assertEquals("{3=0x0303}", first.toString());
        assertEquals("{5=0x0505, 9}", second.toString());
        assertSame(Traits.EMPTY, builder.build());
    }

    @Test
    void clearEmptiesTheBuilder() {
        assertSame(Traits.EMPTY, Traits.builder().putInt(4, 1).clear().build());
    }

    @Test
    void numbersArePutInTheAskedOrder() {
        Traits built = Traits.builder()
                .putShort(1, (short) 0x0102, BIG_ENDIAN)
                .putShort(2, (short) 0x0102, LITTLE_ENDIAN)
                .putInt(3, 0x01020304, BIG_ENDIAN)
                .putInt(4, 0x01020304, LITTLE_ENDIAN)
                .putLong(5, 0x0102030405060708L, BIG_ENDIAN)
                .putLong(6, 0x0102030405060708L, LITTLE_ENDIAN)
                .build();
        assertEquals(
                "{1=0x0102, 2=0x0201, 3=0x01020304, 4=0x04030201, 5=0x0102030405060708, 6=0x0807060504030201}",
                built.toString());
        assertEquals(
                built,
                Traits.EMPTY
                        .withShort(1, (short) 0x0102, BIG_ENDIAN)
                        .withShort(2, (short) 0x0102, LITTLE_ENDIAN)
                        .withInt(3, 0x01020304, BIG_ENDIAN)
                        .withInt(4, 0x01020304, LITTLE_ENDIAN)
                        .withLong(5, 0x0102030405060708L, BIG_ENDIAN)
                        .withLong(6, 0x0102030405060708L, LITTLE_ENDIAN));
    }

    @Test
    void bytesAreTakenFromTheReaderIndex() {
        ByteBuf in = Unpooled.wrappedBuffer(new byte[] {9, 1, 2, 3, 4, 5, 6, 7}).skipBytes(1);
        Traits built =
                Traits.builder().put(1, in, 4).put(2, in, 2).put(3, in, 0).build();
        assertEquals("{1=0x01020304, 2=0x0506, 3}", built.toString());
        assertEquals(1, in.readableBytes());
        in.release();
    }

    @Test
    void refusedPutChangesNothing() {
        ByteBuf in = Unpooled.wrappedBuffer(new byte[] {1, 2, 3});
        TraitsBuilder builder = Traits.builder().put(1, new byte[] {1, 2});
        assertThrows(IndexOutOfBoundsException.class, () -> builder.put(1, in, 4));
        assertThrows(IllegalArgumentException.class, () -> builder.put(1, in, 3));
        assertThrows(IllegalArgumentException.class, () -> builder.put(1, in, -1));
        assertThrows(IllegalArgumentException.class, () -> builder.put(64, in, 2));
        assertThrows(IllegalArgumentException.class, () -> builder.put(1, new byte[1]));
        assertThrows(IllegalArgumentException.class, () -> builder.putFlag(-1));
        assertEquals("{1=0x0102}", builder.build().toString());
        assertEquals(3, in.readableBytes());
        in.release();
    }
}
