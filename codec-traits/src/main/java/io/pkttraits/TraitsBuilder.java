// SPDX-License-Identifier: Apache-2.0
package io.pkttraits;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.netty.buffer.ByteBuf;
import io.pkttraits.internal.SizeWords;
import io.pkttraits.internal.ValueBytes;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.UUID;

/**
 * Collects traits in any key order. If a key is put more than once, the last value wins.
 *
 * <p>{@link #build()} empties the builder, so one builder can make many trait sets, and none of them gets a trait of the one
 * before. A builder holds a buffer of 1 KiB: keep it where trait sets are built often. Not thread-safe.
 *
 * <p>Every put throws {@link IllegalArgumentException} if the key is not in 0..63 or the value has not 0, 2, 4, 8 or 16
 * bytes, and then changes nothing.
 */
public final class TraitsBuilder {
    private static final ByteOrder HOST = ByteOrder.nativeOrder();

    private final byte[] slots = new byte[Traits.MAX_KEYS * Traits.MAX_VALUE_LENGTH];
    private long doubled;
    private long pair;
    private long octet;

    TraitsBuilder() {}

    /** Puts a copy of the value; an empty one is a flag. */
    public TraitsBuilder put(int key, byte[] value) {
        int slot = slot(key, value.length);
        System.arraycopy(value, 0, slots, slot, value.length);
        return this;
    }

    /**
     * Puts the next {@code length} bytes of {@code in}, which advances its readerIndex; 0 is a flag.
     *
     * @throws IndexOutOfBoundsException if fewer bytes are readable
     */
    public TraitsBuilder put(int key, ByteBuf in, int length) {
        check(key, length);
        if (in.readableBytes() < length) {
            throw new IndexOutOfBoundsException(
                    "a value of " + length + " bytes, but " + in.readableBytes() + " are readable");
        }
        ValueBytes.copy(in, in.readerIndex(), slots, slot(key, length), length);
        in.skipBytes(length);
        return this;
    }

    /** Puts a flag: a key without value bytes. */
    public TraitsBuilder putFlag(int key) {
        slot(key, 0);
        return this;
    }

    /** Puts 2 bytes in host order. */
    public TraitsBuilder putShort(int key, short value) {
        return putShort(key, value, HOST);
    }

    /** Puts 2 bytes in the given order. */
    public TraitsBuilder putShort(int key, short value, ByteOrder order) {
        ValueBytes.setShort(slots, slot(key, 2), value, order);
        return this;
    }

    /** Puts 4 bytes in host order. */
    public TraitsBuilder putInt(int key, int value) {
        return putInt(key, value, HOST);
    }

    /** Puts 4 bytes in the given order. */
    public TraitsBuilder putInt(int key, int value, ByteOrder order) {
        ValueBytes.setInt(slots, slot(key, 4), value, order);
        return this;
    }

    /** Puts 8 bytes in host order. */
    public TraitsBuilder putLong(int key, long value) {
        return putLong(key, value, HOST);
    }

    /** Puts 8 bytes in the given order. */
    public TraitsBuilder putLong(int key, long value, ByteOrder order) {
        ValueBytes.setLong(slots, slot(key, 8), value, order);
        return this;
    }

    /** Puts the 4 or 16 bytes of the address, in network order. A scope of an IPv6 address is not kept. */
    public TraitsBuilder putAddress(int key, InetAddress address) {
        return put(key, address.getAddress());
    }

    /** Puts the 16 bytes of the UUID, in network order. */
    public TraitsBuilder putUuid(int key, UUID value) {
        int slot = slot(key, 16);
        ValueBytes.setLong(slots, slot, value.getMostSignificantBits(), BIG_ENDIAN);
        ValueBytes.setLong(slots, slot + 8, value.getLeastSignificantBits(), BIG_ENDIAN);
        return this;
    }

    /**
     * Puts a copy of a value of any length into consecutive keys, for {@link Traits#getSpan} to read back. Of the keys of the
     * span it takes as many as it needs and removes the others. The pieces begin with the value's length as 2 bytes in
     * network order; all have 16 bytes but the last one, which zeros pad to 2, 4, 8 or 16. So {@code n} keys hold up to
     * {@code 16 n - 2} bytes. An empty value is present too.
     *
     * @param lastKey the last key that it may take, this one included
     * @throws IllegalArgumentException if the keys are not in 0..63 and ascending, or the value is too long for them
     */
    public TraitsBuilder putSpan(int firstKey, int lastKey, byte[] value) {
        TraitSpan.check(firstKey, lastKey);
        if (value.length > TraitSpan.capacity(firstKey, lastKey)) {
            throw new IllegalArgumentException("a value of " + value.length + " bytes, but keys " + firstKey + " to "
                    + lastKey + " hold " + TraitSpan.capacity(firstKey, lastKey));
        }
        remove(TraitSpan.keys(firstKey, lastKey));
        int last = firstKey + TraitSpan.pieces(value.length) - 1;
        for (int key = firstKey; key < last; key++) {
            slot(key, Traits.MAX_VALUE_LENGTH);
        }
        int padded = slot(last, TraitSpan.lastPiece(value.length));
        // The slots of consecutive keys follow each other.
        int start = firstKey * Traits.MAX_VALUE_LENGTH;
        Arrays.fill(slots, padded, padded + Traits.MAX_VALUE_LENGTH, (byte) 0);
        ValueBytes.setShort(slots, start, (short) value.length, BIG_ENDIAN);
        System.arraycopy(value, 0, slots, start + TraitSpan.LENGTH_BYTES, value.length);
        return this;
    }

    /**
     * Puts the value of a typed key; a span takes as many of its keys as it needs and removes the others. The boolean
     * {@code false} removes the flag.
     *
     * @throws IllegalArgumentException if the value does not fit the key: it has another size or is out of range
     */
    public <T> TraitsBuilder put(TraitKey<T> key, T value) {
        byte[] bytes = key.bytes(value);
        int first = key.firstKey();
        if (bytes == null) {
            remove(key.keys(first));
            return this;
        }
        return key.isSpan() ? putSpan(first, key.lastKey(first), bytes) : put(first, bytes);
    }

    /**
     * Puts the number of a typed key without boxing.
     *
     * @throws IllegalArgumentException if the number is out of the key's range, as a negative one is for 2 bytes
     */
    public TraitsBuilder putInt(TraitKey<Integer> key, int value) {
        return putNumber(key, key.checkNumber(Integer.toUnsignedLong(value)));
    }

    /**
     * Puts the number of a typed key without boxing.
     *
     * @throws IllegalArgumentException if the number is out of the key's range, as a negative one is for 4 bytes
     */
    public TraitsBuilder putLong(TraitKey<Long> key, long value) {
        return putNumber(key, key.checkNumber(value));
    }

    private TraitsBuilder putNumber(TraitKey<?> key, long value) {
        int first = key.firstKey();
        return switch (key.length()) {
            case 2 -> putShort(first, (short) value, key.order());
            case 4 -> putInt(first, (int) value, key.order());
            default -> putLong(first, value, key.order());
        };
    }

    /** Removes all keys. */
    public TraitsBuilder clear() {
        remove(-1);
        return this;
    }

    /** Returns the trait set of what was put, {@link Traits#EMPTY} itself if nothing was, and empties the builder. */
    public Traits build() {
        long keys = doubled | pair | octet;
        if (keys == 0) {
            return Traits.EMPTY;
        }
        byte[] values = new byte[SizeWords.bytes(doubled, pair, octet, keys)];
        int index = 0;
        for (long rest = keys; rest != 0; rest &= rest - 1) {
            int length = SizeWords.bytes(doubled, pair, octet, Long.lowestOneBit(rest));
            System.arraycopy(slots, Long.numberOfTrailingZeros(rest) * Traits.MAX_VALUE_LENGTH, values, index, length);
            index += length;
        }
        Traits built = Traits.of(doubled, pair, octet, values);
        clear();
        return built;
    }

    private void remove(long keys) {
        doubled &= ~keys;
        pair &= ~keys;
        octet &= ~keys;
    }

    /** Notes the key and the size of its value, and returns where its bytes go. */
    private int slot(int key, int length) {
        check(key, length);
        int code = SizeWords.code(length);
        long bit = 1L << key;
        doubled = SizeWords.with(doubled, bit, code, SizeWords.DOUBLED);
        pair = SizeWords.with(pair, bit, code, SizeWords.PAIR);
        octet = SizeWords.with(octet, bit, code, SizeWords.OCTET);
        return key * Traits.MAX_VALUE_LENGTH;
    }

    /** Refuses a key or a length that no set can hold. */
    static void check(int key, int length) {
        if (key < 0 || key >= Traits.MAX_KEYS) {
            throw new IllegalArgumentException("trait key " + key + " is not in 0..63");
        }
        if (SizeWords.code(length) < 0) {
            throw new IllegalArgumentException(
                    "the value of trait key " + key + " has " + length + " bytes, not 0 (a flag), 2, 4, 8 or 16");
        }
    }
}
