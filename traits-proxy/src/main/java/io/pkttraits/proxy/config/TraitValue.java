// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.config;

import io.netty.util.NetUtil;
import io.pkttraits.Traits;
import io.pkttraits.registry.TraitDefinition;
import io.pkttraits.registry.TraitType;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;

/** A constant as configuration has it: of the type that the registry says, or else {@code true} for a flag, or {@code "0x…"}. */
final class TraitValue {
    private static final String HEX = "0x(?:[0-9a-fA-F]{2})+";

    private static final String UUID_TEXT = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";

    private TraitValue() {}

    /**
     * Reads a value.
     *
     * @param definition of the key, {@code null} if the registry has none
     * @param value a string, {@link Long} or {@link Boolean}
     * @throws IllegalArgumentException saying what is wrong
     */
    static Traits of(int key, TraitDefinition definition, Object value) {
        if (definition == null) {
            return untyped(key, value);
        }
        return switch (definition.type()) {
            case FLAG -> flag(key, value);
            case U8, U16, U32, U64 -> Traits.EMPTY.with(key, number(definition, value));
            case IPV4, IPV6 -> Traits.EMPTY.with(key, address(definition.type(), value));
            case UUID -> Traits.EMPTY.withUuid(key, uuid(value));
            case BYTES -> bytes(key, definition, value);
        };
    }

    private static Traits untyped(int key, Object value) {
        if (value instanceof String text && text.matches(HEX)) {
            return Traits.EMPTY.with(key, hex(text));
        }
        if (Boolean.TRUE.equals(value)) {
            return flag(key, value);
        }
        throw new IllegalArgumentException("expected true, for a flag, or \"0x…\", since no registry tells its type");
    }

    private static Traits flag(int key, Object value) {
        if (!Boolean.TRUE.equals(value)) {
            throw new IllegalArgumentException("expected true, for a flag");
        }
        return Traits.EMPTY.withFlag(key);
    }

    private static byte[] number(TraitDefinition definition, Object value) {
        TraitType type = definition.type();
        int bits = type == TraitType.U8 ? 8 : type.length() * 8;
        BigInteger number = value instanceof Long || (value instanceof String text && text.matches("[0-9]{1,20}"))
                ? new BigInteger(value.toString())
                : BigInteger.valueOf(-1);
        if (number.signum() < 0 || number.bitLength() > bits) {
            throw new IllegalArgumentException("expected a number of type " + type.id());
        }
        byte[] bytes = ByteBuffer.allocate(8).putLong(number.longValue()).array();
        byte[] ordered = Arrays.copyOfRange(bytes, 8 - type.length(), 8);
        if (definition.order() == ByteOrder.LITTLE_ENDIAN) {
            for (int i = 0; i < ordered.length / 2; i++) {
                byte b = ordered[i];
                ordered[i] = ordered[ordered.length - 1 - i];
                ordered[ordered.length - 1 - i] = b;
            }
        }
        return ordered;
    }

    private static byte[] address(TraitType type, Object value) {
        byte[] address = value instanceof String text ? NetUtil.createByteArrayFromIpAddressString(text) : null;
        if (address == null || address.length != type.length()) {
            throw new IllegalArgumentException("expected an address of type " + type.id());
        }
        return address;
    }

    /** Java's own would take 1-1-1-1-1 too. */
    private static UUID uuid(Object value) {
        if (value instanceof String text && text.matches(UUID_TEXT)) {
            return UUID.fromString(text);
        }
        throw new IllegalArgumentException("expected a UUID");
    }

    private static Traits bytes(int key, TraitDefinition definition, Object value) {
        if (!(value instanceof String text)) {
            throw new IllegalArgumentException("expected a string");
        }
        byte[] bytes = text.matches(HEX) ? hex(text) : text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > definition.maxLength()) {
            throw new IllegalArgumentException("longer than " + definition.maxLength() + " bytes");
        }
        return definition.isSpan()
                ? Traits.builder()
                        .putSpan(definition.firstKey(), definition.lastKey(), bytes)
                        .build()
                : Traits.EMPTY.with(key, bytes);
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text, 2, text.length());
    }
}
