// SPDX-License-Identifier: Apache-2.0
package io.pkttraits;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TraitKeyTest {
    private static final TraitKey<Integer> CUSTOMER =
            TraitKey.ofInt(4, BIG_ENDIAN).named("customer_id");
    private static final TraitKey<Integer> PORT =
            TraitKey.ofUnsignedShort(5, LITTLE_ENDIAN).named("port");
    private static final TraitKey<Long> SECONDS = TraitKey.ofUnsignedInt(6, BIG_ENDIAN);
    private static final TraitKey<Long> SENT = TraitKey.ofLong(7, LITTLE_ENDIAN);
    private static final TraitKey<Boolean> DEBUG = TraitKey.ofFlag(9);
    private static final TraitKey<InetAddress> CLIENT = TraitKey.ofIpv4(10);
    private static final TraitKey<InetAddress> CLIENT_6 = TraitKey.ofIpv6(11);
    private static final TraitKey<UUID> REQUEST = TraitKey.ofUuid(12);
    private static final TraitKey<byte[]> TAG = TraitKey.ofBytes(13);
    private static final TraitKey<byte[]> SESSION = TraitKey.ofSpan(16, 19);
    private static final TraitKey<String> TENANT = TraitKey.ofText(20, 21);

    private static final List<TraitKey<?>> ALL =
            List.of(CUSTOMER, PORT, SECONDS, SENT, DEBUG, CLIENT, CLIENT_6, REQUEST, TAG, SESSION, TENANT);

    @Test
    void valuesAreWrittenInTheirSizeAndOrder() throws Exception {
        TraitsBuilder builder = Traits.builder()
                .put(CUSTOMER, 12345)
                .put(PORT, 65534)
                .put(SECONDS, 0xfffefdfcL)
                .put(SENT, -2L)
                .put(DEBUG, true)
                .put(CLIENT, InetAddress.getByName("192.0.2.7"))
                .put(CLIENT_6, InetAddress.getByName("2001:db8::7"))
                .put(REQUEST, new UUID(0x0102030405060708L, 0x090a0b0c0d0e0f10L))
                .put(TAG, new byte[] {1, 2})
                .put(TENANT, "acmé");
        assertEquals(
                "{4=0x00003039, 5=0xfeff, 6=0xfffefdfc, 7=0xfeffffffffffffff, 9, 10=0xc0000207,"
                        + " 11=0x20010db8000000000000000000000007, 12=0x0102030405060708090a0b0c0d0e0f10, 13=0x0102,"
                        + " 20=0x000561636dc3a900}",
                builder.build().toString());
    }

    @Test
    void numbersAreReadWithoutBoxing() {
        Traits traits = Traits.builder()
                .putInt(CUSTOMER, -2)
                .putInt(PORT, 65535)
                .putLong(SECONDS, 0xffffffffL)
                .putLong(SENT, Long.MIN_VALUE)
                .build();
        assertEquals(-2, traits.getInt(CUSTOMER, -1));
        assertEquals(65535, traits.getInt(PORT, -1));
        assertEquals(0xffffffffL, traits.getLong(SECONDS, -1));
        assertEquals(Long.MIN_VALUE, traits.getLong(SENT, -1));
        assertEquals(-2, traits.get(CUSTOMER));
        assertEquals(65535, traits.get(PORT));
        assertEquals(0xffffffffL, traits.get(SECONDS));
        assertEquals(Long.MIN_VALUE, traits.get(SENT));
    }

    /** Whatever stands for "absent" inside must be a number as any other. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE})
    void everyNumberIsAValue(long number) {
        Traits traits = Traits.EMPTY.with(SENT, number).with(CUSTOMER, (int) number);
        assertEquals(number, traits.get(SENT));
        assertEquals((int) number, traits.get(CUSTOMER));
    }

    @Test
    void getOfAbsentKeyIsNotAnError() {
        for (TraitKey<?> key : ALL) {
            assertNull(Traits.EMPTY.get(key), key::toString);
            assertFalse(Traits.EMPTY.contains(key));
            assertSame(Traits.EMPTY, Traits.EMPTY.without(key));
        }
        assertEquals(-7, Traits.EMPTY.getInt(CUSTOMER, -7));
        assertEquals(-7, Traits.EMPTY.getLong(SENT, -7));
        assertFalse(Traits.EMPTY.getFlag(DEBUG));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 4, 8, 16})
    void valueOfAnotherSizeReadsAsAbsent(int length) {
        for (TraitKey<?> key : ALL) {
            Traits traits = Traits.EMPTY.with(key.firstKey(), new byte[length]);
            boolean fits = key == TAG ? length > 0 : key.isSpan() ? length == 2 : length == key.length();
            assertEquals(fits, traits.get(key) != null, key::toString);
            assertTrue(traits.contains(key));
        }
        Traits traits = Traits.EMPTY.with(4, new byte[length]).with(7, new byte[length]);
        assertEquals(length == 4 ? 0 : -7, traits.getInt(CUSTOMER, -7));
        assertEquals(length == 8 ? 0 : -7, traits.getLong(SENT, -7));
    }

    @Test
    void valueThatDoesNotFitNamesTheKeyAndNotTheValue() throws Exception {
        assertMisfit(PORT, 65536, "'port' (trait key 5): it is not in 0..65535");
        assertMisfit(PORT, -1, "'port' (trait key 5): it is not in 0..65535");
        assertMisfit(SECONDS, -1L, "trait key 6: it is not in 0..4294967295");
        assertMisfit(CLIENT, InetAddress.getByName("2001:db8::7"), "trait key 10: it is not an IPv4 address");
        assertMisfit(TAG, new byte[3], "trait key 13: it has 3 bytes, not 2, 4, 8 or 16");
        assertMisfit(TAG, new byte[0], "trait key 13: it has 0 bytes, not 2, 4, 8 or 16");
        assertMisfit(TAG, new byte[17], "trait key 13: it has 17 bytes, more than 16");
        assertMisfit(SESSION, new byte[63], "trait keys 16-19: it has 63 bytes, more than 62");
        assertMisfit(TENANT, "a\ud800", "trait keys 20-21: it has half of a surrogate pair, which UTF-8 cannot encode");
        assertThrows(IllegalArgumentException.class, () -> Traits.builder().putInt(PORT, 65536));
        assertThrows(IllegalArgumentException.class, () -> Traits.builder().putInt(PORT, -1));
        assertThrows(IllegalArgumentException.class, () -> Traits.builder().putLong(SECONDS, 1L << 32));
        assertThrows(NullPointerException.class, () -> Traits.EMPTY.with(TENANT, null));
    }

    private static <T> void assertMisfit(TraitKey<T> key, T value, String message) {
        TraitsBuilder builder = Traits.builder().putFlag(key.firstKey());
        var error = assertThrows(IllegalArgumentException.class, () -> builder.put(key, value));
        assertEquals("the value does not fit " + message, error.getMessage());
        assertEquals(Traits.EMPTY.withFlag(key.firstKey()), builder.build());
        assertThrows(IllegalArgumentException.class, () -> Traits.EMPTY.with(key, value));
    }

    @Test
    void falseRemovesAFlag() {
        Traits traits = Traits.EMPTY.with(DEBUG, true).with(PORT, 80);
        assertTrue(traits.getFlag(DEBUG));
        assertEquals(true, traits.get(DEBUG));
        assertEquals(Traits.EMPTY.with(PORT, 80), traits.with(DEBUG, false));
        assertSame(
                Traits.EMPTY,
                Traits.builder().put(DEBUG, true).put(DEBUG, false).build());
    }

    @Test
    void ipv4AddressInAnIpv6KeyComesBackAsItWas() throws Exception {
        InetAddress four = InetAddress.getByName("192.0.2.7");
        Traits traits = Traits.EMPTY.with(CLIENT_6, four);
        assertEquals("{11=0x00000000000000000000ffffc0000207}", traits.toString());
        assertEquals(four, traits.get(CLIENT_6));
    }

    @Test
    void bytesThatAreNotUtf8ReadAsAbsent() {
        byte[] bytes = {'a', (byte) 0xc3};
        Traits traits = Traits.builder().putSpan(20, 21, bytes).build();
        assertNull(traits.get(TENANT));
        assertArrayEquals(bytes, traits.get(TraitKey.ofSpan(20, 21)));
    }

    @Test
    void shorterValueOfASpanReplacesTheLongerOneAsAWhole() {
        Traits traits = Traits.EMPTY.with(PORT, 80).with(SESSION, new byte[60]);
        Traits shorter = traits.with(SESSION, new byte[] {7});
        assertArrayEquals(new byte[] {7}, shorter.get(SESSION));
        assertEquals(2, shorter.size());
        assertEquals(Traits.EMPTY.with(PORT, 80), shorter.without(SESSION));
    }

    @Test
    void keyOfAnImpossibleNumberIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> TraitKey.ofInt(64, BIG_ENDIAN));
        assertThrows(IllegalArgumentException.class, () -> TraitKey.ofFlag(-1));
        assertThrows(IllegalArgumentException.class, () -> TraitKey.ofSpan(8, 7));
        assertThrows(IllegalArgumentException.class, () -> TraitKey.ofText(63, 64));
    }

    @Test
    void keyTellsWhatItsValuesAre() {
        assertEquals("customer_id", CUSTOMER.name());
        assertNull(DEBUG.name());
        assertEquals(Integer.class, CUSTOMER.type());
        assertEquals(4, CUSTOMER.length());
        assertEquals(BIG_ENDIAN, CUSTOMER.order());
        assertEquals(1L << 4, CUSTOMER.keys());
        assertEquals(19, SESSION.lastKey());
        assertEquals(0xf0000L, SESSION.keys());
        assertEquals(62, SESSION.length());
        assertEquals("'customer_id' (trait key 4)", CUSTOMER.toString());
    }
}
