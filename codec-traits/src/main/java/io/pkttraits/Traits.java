// SPDX-License-Identifier: Apache-2.0
package io.pkttraits;

import static java.nio.ByteOrder.BIG_ENDIAN;

import io.netty.buffer.ByteBuf;
import io.pkttraits.internal.SizeWords;
import io.pkttraits.internal.TraitsAccess;
import io.pkttraits.internal.ValueBytes;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;

/**
 * An immutable set of packet traits: at most {@value #MAX_KEYS} keys, each with a value of 0 (a flag), 2, 4, 8 or 16 bytes.
 *
 * <p>Values are bytes as their producer wrote them. Methods without a byte order use host order, in which a producer on the
 * same host writes. No get throws an exception for a key that is absent, that is not in 0..63, or that has a value of another
 * size, because traits come from other programs: the get returns what its documentation says. Methods that add a key throw
 * {@link IllegalArgumentException} if the key is not in 0..63.
 *
 * <p>A {@link TraitKey} knows the size and the byte order of its values.
 *
 * <p>A get takes constant time; gets of numbers and flags allocate nothing. {@code equals} and {@code hashCode} use keys,
 * sizes and bytes, and are cheap enough to key a connection pool. Safe to share between threads. The {@link ByteBuf}s that
 * methods take are read or written during the call and neither retained nor released.
 */
public final class Traits {
    /** Keys are 0 to 63. */
    public static final int MAX_KEYS = 64;

    /** Bytes of the longest value. */
    public static final int MAX_VALUE_LENGTH = 16;

    /** The set without traits. */
    public static final Traits EMPTY = new Traits(0, 0, 0, new byte[0]);

    private static final ByteOrder HOST = ByteOrder.nativeOrder();

    private static final long HASH_KEY_0;
    private static final long HASH_KEY_1;

    static {
        SecureRandom random = new SecureRandom();
        HASH_KEY_0 = random.nextLong();
        HASH_KEY_1 = random.nextLong();
        TraitsAccess.install(new Access());
    }

    private final long doubled;
    private final long pair;
    private final long octet;
    private final byte[] values;
    private int hash;

    private Traits(long doubled, long pair, long octet, byte[] values) {
        this.doubled = doubled;
        this.pair = pair;
        this.octet = octet;
        this.values = values;
    }

    /** Takes over {@code values}, which hold the values in key order without gaps, of the sizes that the words say. */
    static Traits of(long doubled, long pair, long octet, byte[] values) {
        return (doubled | pair | octet) == 0 ? EMPTY : new Traits(doubled, pair, octet, values);
    }

    /** A builder without keys. */
    public static TraitsBuilder builder() {
        return new TraitsBuilder();
    }

    /**
     * Returns consecutive trait keys as a bit mask, for {@link #only}: bit <i>n</i> is set for each key <i>n</i> from
     * {@code firstKey} to {@code lastKey}, both included.
     *
     * @throws IllegalArgumentException if the keys are not in 0..63 and ascending
     */
    public static long mask(int firstKey, int lastKey) {
        TraitSpan.check(firstKey, lastKey);
        return TraitSpan.keys(firstKey, lastKey);
    }

    /**
     * Returns the number of bytes of the longest value that {@link TraitsBuilder#putSpan} can put into these keys: 16 for
     * each key, less 2 for the length.
     *
     * @throws IllegalArgumentException if the keys are not in 0..63 and ascending
     */
    public static int spanCapacity(int firstKey, int lastKey) {
        TraitSpan.check(firstKey, lastKey);
        return TraitSpan.capacity(firstKey, lastKey);
    }

    /** Number of keys. */
    public int size() {
        return Long.bitCount(keys());
    }

    public boolean isEmpty() {
        return keys() == 0;
    }

    public boolean contains(int key) {
        return (keys() & bit(key)) != 0;
    }

    /** Returns true if the typed key is present, or any key of its span, even with a value that does not fit the type. */
    public boolean contains(TraitKey<?> key) {
        return (keys() & key.keys()) != 0;
    }

    /** The keys as a bit mask: bit <i>n</i> is set if key <i>n</i> is present. */
    public long keys() {
        return doubled | pair | octet;
    }

    /** The smallest key that is at least {@code from}, or -1. {@code from} may be any non-negative number. */
    public int nextKey(int from) {
        long rest = from < MAX_KEYS ? keys() & -1L << from : 0;
        return rest == 0 ? -1 : Long.numberOfTrailingZeros(rest);
    }

    /** Bytes of the key's value, 0 for a flag, or -1 if the key is absent. */
    public int length(int key) {
        long bit = bit(key);
        if ((keys() & bit) == 0) {
            return -1;
        }
        return SizeWords.bytes(doubled, pair, octet, bit);
    }

    /** Bytes of all values together, at most 1024. */
    public int valuesLength() {
        return values.length;
    }

    /** True if the key is present and is a flag. */
    public boolean getFlag(int key) {
        return (doubled & ~(pair | octet) & bit(key)) != 0;
    }

    /** {@link #getInt(int, int, ByteOrder)} in host order. */
    public int getInt(int key, int absent) {
        return getInt(key, absent, HOST);
    }

    /** A value of 2 bytes (zero-extended) or 4; {@code absent} if the key is absent or has another width. */
    public int getInt(int key, int absent, ByteOrder order) {
        if (!isKey(key) || !SizeWords.has(pair, key)) {
            return absent;
        }
        int end = SizeWords.end(doubled, pair, octet, key);
        return SizeWords.has(doubled, key)
                ? ValueBytes.getInt(values, end - 4, order)
                : Short.toUnsignedInt(ValueBytes.getShort(values, end - 2, order));
    }

    /** {@link #getUnsignedInt(int, long, ByteOrder)} in host order. */
    public long getUnsignedInt(int key, long absent) {
        return getUnsignedInt(key, absent, HOST);
    }

    /**
     * Returns a value of 2 or 4 bytes as an unsigned number, 0 to 2<sup>32</sup>-1; {@code absent} if the key is absent or has
     * another width. {@link #getInt(int, int, ByteOrder)} returns numbers from 2<sup>31</sup> on as negative ones.
     */
    public long getUnsignedInt(int key, long absent, ByteOrder order) {
        return isKey(key) && SizeWords.has(pair, key) ? Integer.toUnsignedLong(getInt(key, 0, order)) : absent;
    }

    /** {@link #getLong(int, long, ByteOrder)} in host order. */
    public long getLong(int key, long absent) {
        return getLong(key, absent, HOST);
    }

    /** A value of 2 or 4 bytes (zero-extended) or 8; {@code absent} if the key is absent or has another width. */
    public long getLong(int key, long absent, ByteOrder order) {
        if (!isKey(key) || !SizeWords.has((octet & ~doubled) | pair, key)) {
            return absent;
        }
        return SizeWords.has(octet, key)
                ? ValueBytes.getLong(values, SizeWords.end(doubled, pair, octet, key) - 8, order)
                : Integer.toUnsignedLong(getInt(key, 0, order));
    }

    /**
     * Returns the value of a typed key; null if the key is absent, or the value has another size or is none of the key's type.
     * A flag is {@code true} or null: {@link #getFlag(TraitKey)} is made for those.
     */
    public <T> T get(TraitKey<T> key) {
        return key.get(this);
    }

    /** Returns the number of a typed key without boxing; {@code absent} where {@link #get(TraitKey)} is null. */
    public int getInt(TraitKey<Integer> key, int absent) {
        return (int) number(key, key.firstKey(), absent);
    }

    /** Returns the number of a typed key without boxing; {@code absent} where {@link #get(TraitKey)} is null. */
    public long getLong(TraitKey<Long> key, long absent) {
        return number(key, key.firstKey(), absent);
    }

    /** Returns true if the flag of a typed key is present. */
    public boolean getFlag(TraitKey<Boolean> key) {
        return getFlag(key.firstKey());
    }

    /** The number as an unsigned one; {@code first} is the key's number of now. */
    long number(TraitKey<?> key, int first, long absent) {
        int code = key.sizeCode();
        if (SizeWords.codeOf(doubled, pair, octet, first) != code) {
            return absent;
        }
        int end = SizeWords.end(doubled, pair, octet, first);
        long value = switch (code) {
            case SizeWords.PAIR -> Short.toUnsignedLong(ValueBytes.getShort(values, end - 2, key.order()));
            case SizeWords.PAIR | SizeWords.DOUBLED ->
                Integer.toUnsignedLong(ValueBytes.getInt(values, end - 4, key.order()));
            default -> ValueBytes.getLong(values, end - 8, key.order());
        };
        return Long.compareUnsigned(value, key.max()) > 0 ? absent : value;
    }

    /** A copy of the key's value, without bytes for a flag, or null if the key is absent. */
    public byte[] getBytes(int key) {
        int length = length(key);
        return length < 0 ? null : Arrays.copyOfRange(values, offset(bit(key)), offset(bit(key)) + length);
    }

    /**
     * Copies the key's value to {@code dst} and returns its length, or -1 if the key is absent.
     *
     * @throws IndexOutOfBoundsException if the value does not fit; {@value #MAX_VALUE_LENGTH} bytes always suffice
     */
    public int getBytes(int key, byte[] dst, int dstIndex) {
        int length = length(key);
        if (length > 0) {
            System.arraycopy(values, offset(bit(key)), dst, dstIndex, length);
        }
        return length;
    }

    /** Appends the key's value to {@code out} and returns its length, or -1 if the key is absent. */
    public int writeTo(int key, ByteBuf out) {
        int length = length(key);
        if (length > 0) {
            ValueBytes.write(values, offset(bit(key)), length, out);
        }
        return length;
    }

    /**
     * A value of 4 or 16 bytes as an address; null if the key is absent or has another width. As everywhere in Java, 16
     * bytes that are an IPv4-mapped address give an {@link java.net.Inet4Address}.
     */
    public InetAddress getAddress(int key) {
        int length = length(key);
        if (length != 4 && length != 16) {
            return null;
        }
        try {
            return InetAddress.getByAddress(getBytes(key));
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 bytes are an address", e);
        }
    }

    /** A value of 16 bytes in network order as a UUID (RFC 9562); null if the key is absent or has another width. */
    public UUID getUuid(int key) {
        long bit = bit(key);
        if ((octet & doubled & bit) == 0) {
            return null;
        }
        int offset = offset(bit);
        return new UUID(
                ValueBytes.getLong(values, offset, BIG_ENDIAN), ValueBytes.getLong(values, offset + 8, BIG_ENDIAN));
    }

    /**
     * Returns a copy of the value that {@link TraitsBuilder#putSpan} wrote to these keys. Returns null if no key of the span is
     * present, or if the value is not complete: a piece is missing, has another length or is left over from another value. Use
     * {@link #keys()} to distinguish the two cases.
     */
    public byte[] getSpan(int firstKey, int lastKey) {
        int length = spanLength(firstKey, lastKey);
        if (length < 0) {
            return null;
        }
        int offset = offset(bit(firstKey)) + TraitSpan.LENGTH_BYTES;
        return Arrays.copyOfRange(values, offset, offset + length);
    }

    /**
     * Copies the value of a span to {@code dst} and returns its length, or -1 where {@link #getSpan(int, int)} is null.
     *
     * @throws IndexOutOfBoundsException if the value does not fit
     */
    public int getSpan(int firstKey, int lastKey, byte[] dst, int dstIndex) {
        int length = spanLength(firstKey, lastKey);
        if (length > 0) {
            System.arraycopy(values, offset(bit(firstKey)) + TraitSpan.LENGTH_BYTES, dst, dstIndex, length);
        }
        return length;
    }

    /** Bytes of the value of a span, or -1 where {@link #getSpan(int, int)} is null. */
    public int spanLength(int firstKey, int lastKey) {
        if (!TraitSpan.isSpan(firstKey, lastKey)) {
            return -1;
        }
        long present = keys() & TraitSpan.keys(firstKey, lastKey);
        return TraitSpan.length(
                values,
                offset(bit(firstKey)),
                firstKey,
                lastKey,
                present,
                SizeWords.bytes(doubled, pair, octet, present),
                octet & doubled);
    }

    /**
     * This set with the key's value set or replaced. An empty value is a flag.
     *
     * @throws IllegalArgumentException if the key is not in 0..63, or the value has not 0, 2, 4, 8 or 16 bytes
     */
    public Traits with(int key, byte[] value) {
        byte[] moved = makeRoom(key, value.length);
        System.arraycopy(value, 0, moved, offset(bit(key)), value.length);
        return put(key, value.length, moved);
    }

    /** This set with the key as a flag. */
    public Traits withFlag(int key) {
        return put(key, 0, makeRoom(key, 0));
    }

    /** This set with 2 bytes in host order. */
    public Traits withShort(int key, short value) {
        return withShort(key, value, HOST);
    }

    /** This set with 2 bytes in the given order. */
    public Traits withShort(int key, short value, ByteOrder order) {
        byte[] moved = makeRoom(key, 2);
        ValueBytes.setShort(moved, offset(bit(key)), value, order);
        return put(key, 2, moved);
    }

    /** This set with 4 bytes in host order. */
    public Traits withInt(int key, int value) {
        return withInt(key, value, HOST);
    }

    /** This set with 4 bytes in the given order. */
    public Traits withInt(int key, int value, ByteOrder order) {
        byte[] moved = makeRoom(key, 4);
        ValueBytes.setInt(moved, offset(bit(key)), value, order);
        return put(key, 4, moved);
    }

    /** This set with 8 bytes in host order. */
    public Traits withLong(int key, long value) {
        return withLong(key, value, HOST);
    }

    /** This set with 8 bytes in the given order. */
    public Traits withLong(int key, long value, ByteOrder order) {
        byte[] moved = makeRoom(key, 8);
        ValueBytes.setLong(moved, offset(bit(key)), value, order);
        return put(key, 8, moved);
    }

    /** This set with the 4 or 16 bytes of the address, in network order. A scope of an IPv6 address is not kept. */
    public Traits withAddress(int key, InetAddress address) {
        return with(key, address.getAddress());
    }

    /** This set with the 16 bytes of the UUID, in network order. */
    public Traits withUuid(int key, UUID value) {
        byte[] moved = makeRoom(key, 16);
        int offset = offset(bit(key));
        ValueBytes.setLong(moved, offset, value.getMostSignificantBits(), BIG_ENDIAN);
        ValueBytes.setLong(moved, offset + 8, value.getLeastSignificantBits(), BIG_ENDIAN);
        return put(key, 16, moved);
    }

    /**
     * Returns this trait set with the value of a typed key set or replaced. The boolean {@code false} removes the flag.
     *
     * @throws IllegalArgumentException if the value does not fit the key: it has another size or is out of range
     */
    public <T> Traits with(TraitKey<T> key, T value) {
        byte[] bytes = key.bytes(value);
        int first = key.firstKey();
        if (bytes == null) {
            return only(~key.keys(first));
        }
        if (!key.isSpan()) {
            return with(first, bytes);
        }
        int last = key.lastKey(first);
        return only(~key.keys(first))
                .merge(builder().putSpan(first, last, bytes).build());
    }

    /** Returns this trait set without a typed key, or all keys of its span; this trait set itself if they are absent. */
    public Traits without(TraitKey<?> key) {
        return only(~key.keys());
    }

    /** This set without the key; this set itself if the key is absent. */
    public Traits without(int key) {
        return only(~bit(key));
    }

    /** Returns the traits whose keys are in the bit mask (bit <i>n</i> for key <i>n</i>); this trait set itself if all are. */
    public Traits only(long mask) {
        if ((keys() & ~mask) == 0) {
            return this;
        }
        byte[] kept = new byte[SizeWords.bytes(doubled, pair, octet, mask)];
        int index = 0;
        for (long rest = keys() & mask; rest != 0; rest &= rest - 1) {
            index += copyValue(Long.lowestOneBit(rest), kept, index);
        }
        return of(doubled & mask, pair & mask, octet & mask, kept);
    }

    /** The union of both sets; where both have a key, {@code last} wins. */
    public Traits merge(Traits last) {
        long mine = keys() & ~last.keys();
        if (mine == 0) {
            return last;
        }
        if (last.isEmpty()) {
            return this;
        }
        byte[] union = new byte[SizeWords.bytes(doubled, pair, octet, mine) + last.values.length];
        int index = 0;
        for (long rest = mine | last.keys(); rest != 0; rest &= rest - 1) {
            long bit = Long.lowestOneBit(rest);
            index += ((mine & bit) != 0 ? this : last).copyValue(bit, union, index);
        }
        return of((doubled & mine) | last.doubled, (pair & mine) | last.pair, (octet & mine) | last.octet, union);
    }

    /** The keys, as a bit mask, whose values have that length; none for a length that no value has. */
    private long keysOfLength(int length) {
        int code = SizeWords.code(length);
        if (code < 0) {
            return 0;
        }
        return ((code & SizeWords.DOUBLED) != 0 ? doubled : ~doubled)
                & ((code & SizeWords.PAIR) != 0 ? pair : ~pair)
                & ((code & SizeWords.OCTET) != 0 ? octet : ~octet);
    }

    /** The bit of a key, or no bit where there can be no such key. */
    private static long bit(int key) {
        return isKey(key) ? 1L << key : 0;
    }

    private static boolean isKey(int key) {
        return key >= 0 && key < MAX_KEYS;
    }

    private int offset(long bit) {
        return SizeWords.bytes(doubled, pair, octet, bit - 1);
    }

    private int copyValue(long bit, byte[] dst, int dstIndex) {
        int length = SizeWords.bytes(doubled, pair, octet, bit);
        System.arraycopy(values, offset(bit), dst, dstIndex, length);
        return length;
    }

    /** A copy of the values with {@code length} bytes to be written at the offset of {@code key}. */
    private byte[] makeRoom(int key, int length) {
        TraitsBuilder.check(key, length);
        long bit = bit(key);
        int old = SizeWords.bytes(doubled, pair, octet, bit);
        if (old == length) {
            return values.clone();
        }
        int offset = offset(bit);
        byte[] moved = new byte[values.length - old + length];
        System.arraycopy(values, 0, moved, 0, offset);
        System.arraycopy(values, offset + old, moved, offset + length, values.length - offset - old);
        return moved;
    }

    private Traits put(int key, int length, byte[] moved) {
        long bit = bit(key);
        int code = SizeWords.code(length);
        return new Traits(
                SizeWords.with(doubled, bit, code, SizeWords.DOUBLED),
                SizeWords.with(pair, bit, code, SizeWords.PAIR),
                SizeWords.with(octet, bit, code, SizeWords.OCTET),
                moved);
    }

    @Override
    public boolean equals(Object o) {
        return o == this
                || (o instanceof Traits other
                        && doubled == other.doubled
                        && pair == other.pair
                        && octet == other.octet
                        && Arrays.equals(values, other.values));
    }

    /**
     * Returns a hash of keys, sizes and bytes. The hash is keyed with random numbers that each process chooses anew, because
     * peers choose what is hashed: without them a peer could send many sets with one hash, and make every map slow. So the
     * hash differs between processes; never store or send it. The first call computes the hash, later ones take constant
     * time. Two different sets can have one hash: use {@link TraitsKey} where a hash alone has to tell sets apart.
     */
    @Override
    public int hashCode() {
        int h = hash;
        if (h == 0) {
            h = Long.hashCode(SipHash.hash(HASH_KEY_0, HASH_KEY_1, doubled, pair, octet, values));
            // 0 stands for "not computed yet".
            h = h == 0 ? 1 : h;
            hash = h;
        }
        return h;
    }

    /** The traits in key order, values in hexadecimal as stored, flags bare: <code>{4=0x00003039, 9}</code>. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        for (int key = nextKey(0); key >= 0; key = nextKey(key + 1)) {
            text.append(text.length() > 1 ? ", " : "").append(key);
            int length = length(key);
            if (length > 0) {
                int offset = offset(bit(key));
                text.append("=0x").append(HexFormat.of().formatHex(values, offset, offset + length));
            }
        }
        return text.append('}').toString();
    }

    /** What the codecs of other packages may do. */
    private static final class Access extends TraitsAccess<Traits> {
        @Override
        public Traits of(long doubled, long pair, long octet, byte[] values) {
            return Traits.of(doubled, pair, octet, values);
        }

        @Override
        public byte[] values(Traits traits) {
            return traits.values;
        }

        @Override
        public long keysOfLength(Traits traits, int length) {
            return traits.keysOfLength(length);
        }
    }
}
