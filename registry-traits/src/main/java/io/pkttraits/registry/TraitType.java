// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a trait's bytes mean. Kernels store 0 (a flag), 2, 4, 8 or 16 bytes and nothing else, which decides the widths.
 */
public enum TraitType {
    /** A number of 0..255, stored as a {@link #U16}: no value has one byte. */
    U8(2),
    /** 2 bytes, a number of 0..65535. */
    U16(2),
    /** 4 bytes, a number of 0..2^32-1. */
    U32(4),
    /** 8 bytes, a number of 0..2^64-1. */
    U64(8),
    /** No bytes: the key is present or absent. */
    FLAG(0),
    /** 4 bytes in network order. */
    IPV4(4),
    /** 16 bytes in network order. */
    IPV6(16),
    /** 16 bytes in network order (RFC 9562). */
    UUID(16),
    /**
     * Bytes as they are. In one key there are 2, 4, 8 or 16 of them, and other lengths are refused rather than padded;
     * in a span ({@link TraitDefinition#isSpan()}) any number, exactly.
     */
    BYTES(-1);

    private final int length;

    TraitType(int length) {
        this.length = length;
    }

    /** The name in files: {@code u32}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Bytes of every value, 0 for a flag; -1 for {@link #BYTES}. */
    public int length() {
        return length;
    }

    /** Whether a value is a number, which has a byte order. */
    public boolean isNumber() {
        return this == U8 || this == U16 || this == U32 || this == U64;
    }

    /** The largest number, unsigned; 0 for what is no number. */
    long max() {
        return switch (this) {
            case U8 -> 0xff;
            case U16 -> 0xffff;
            case U32 -> 0xffffffffL;
            case U64 -> -1L;
            case FLAG, IPV4, IPV6, UUID, BYTES -> 0;
        };
    }

    /** The Java types that hold such a value. */
    List<Class<?>> javaTypes() {
        return switch (this) {
            case U8, U16, U32 -> List.of(Integer.class, Long.class);
            case U64 -> List.of(Long.class);
            case FLAG -> List.of(Boolean.class);
            case IPV4, IPV6 -> List.of(InetAddress.class);
            case UUID -> List.of(java.util.UUID.class);
            case BYTES -> List.of(byte[].class, String.class);
        };
    }

    /** The type of that name in files, or null. */
    static TraitType of(String id) {
        for (TraitType type : values()) {
            if (type.id().equals(id)) {
                return type;
            }
        }
        return null;
    }

    static String ids() {
        return Arrays.stream(values()).map(TraitType::id).collect(Collectors.joining(", "));
    }
}
