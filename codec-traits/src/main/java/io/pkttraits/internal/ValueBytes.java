// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.internal;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads and writes one value of 2, 4, 8 or 16 bytes in a {@code byte[]}, without allocating.
 *
 * <p>Copies go through big-endian numbers, which keep the bytes in order, and not through {@link ByteBuf#getBytes(int,
 * byte[], int, int)}, which duplicates an NIO buffer where {@code Unsafe} is missing.
 */
public final class ValueBytes {
    private static final VarHandle SHORT_BE = MethodHandles.byteArrayViewVarHandle(short[].class, BIG_ENDIAN);
    private static final VarHandle SHORT_LE = MethodHandles.byteArrayViewVarHandle(short[].class, LITTLE_ENDIAN);
    private static final VarHandle INT_BE = MethodHandles.byteArrayViewVarHandle(int[].class, BIG_ENDIAN);
    private static final VarHandle INT_LE = MethodHandles.byteArrayViewVarHandle(int[].class, LITTLE_ENDIAN);
    private static final VarHandle LONG_BE = MethodHandles.byteArrayViewVarHandle(long[].class, BIG_ENDIAN);
    private static final VarHandle LONG_LE = MethodHandles.byteArrayViewVarHandle(long[].class, LITTLE_ENDIAN);

    private ValueBytes() {}

    public static short getShort(byte[] bytes, int index, ByteOrder order) {
        // Each branch has its cast: one around both would make the handles return objects.
        return order == BIG_ENDIAN ? (short) SHORT_BE.get(bytes, index) : (short) SHORT_LE.get(bytes, index);
    }

    public static int getInt(byte[] bytes, int index, ByteOrder order) {
        return order == BIG_ENDIAN ? (int) INT_BE.get(bytes, index) : (int) INT_LE.get(bytes, index);
    }

    public static long getLong(byte[] bytes, int index, ByteOrder order) {
        return order == BIG_ENDIAN ? (long) LONG_BE.get(bytes, index) : (long) LONG_LE.get(bytes, index);
    }

    public static void setShort(byte[] bytes, int index, short value, ByteOrder order) {
        (order == BIG_ENDIAN ? SHORT_BE : SHORT_LE).set(bytes, index, value);
    }

    public static void setInt(byte[] bytes, int index, int value, ByteOrder order) {
        (order == BIG_ENDIAN ? INT_BE : INT_LE).set(bytes, index, value);
    }

    public static void setLong(byte[] bytes, int index, long value, ByteOrder order) {
        (order == BIG_ENDIAN ? LONG_BE : LONG_LE).set(bytes, index, value);
    }

    /** Copies a value of {@code length} bytes at {@code inIndex} to {@code bytes}; no index of {@code in} moves. */
    public static void copy(ByteBuf in, int inIndex, byte[] bytes, int index, int length) {
        switch (length) {
            case 0 -> {}
            case 2 -> SHORT_BE.set(bytes, index, in.getShort(inIndex));
            case 4 -> INT_BE.set(bytes, index, in.getInt(inIndex));
            case 8 -> LONG_BE.set(bytes, index, in.getLong(inIndex));
            case 16 -> {
                LONG_BE.set(bytes, index, in.getLong(inIndex));
                LONG_BE.set(bytes, index + 8, in.getLong(inIndex + 8));
            }
            default -> throw new AssertionError(length);
        }
    }

    /** Appends a value of {@code length} bytes to {@code out}. */
    public static void write(byte[] bytes, int index, int length, ByteBuf out) {
        switch (length) {
            case 0 -> {}
            case 2 -> out.writeShort((short) SHORT_BE.get(bytes, index));
            case 4 -> out.writeInt((int) INT_BE.get(bytes, index));
            case 8 -> out.writeLong((long) LONG_BE.get(bytes, index));
            case 16 -> {
                out.writeLong((long) LONG_BE.get(bytes, index));
                out.writeLong((long) LONG_BE.get(bytes, index + 8));
            }
            default -> throw new AssertionError(length);
        }
    }

    /** Appends a value of {@code length} bytes and zeros up to 16 to {@code out}. */
    public static void writePadded(byte[] bytes, int index, int length, ByteBuf out) {
        long first = switch (length) {
            case 0 -> 0;
            case 2 -> (long) (short) SHORT_BE.get(bytes, index) << 48;
            case 4 -> (long) (int) INT_BE.get(bytes, index) << 32;
            case 8, 16 -> (long) LONG_BE.get(bytes, index);
            default -> throw new AssertionError(length);
        };
        out.writeLong(first);
        out.writeLong(length == 16 ? (long) LONG_BE.get(bytes, index + 8) : 0);
    }
}
