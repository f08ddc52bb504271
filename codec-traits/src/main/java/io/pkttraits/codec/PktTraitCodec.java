// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.codec;

import io.netty.buffer.ByteBuf;
import io.pkttraits.Traits;
import io.pkttraits.codec.MalformedTraitsException.Reason;
import io.pkttraits.internal.SizeWords;
import io.pkttraits.internal.TraitsAccess;
import io.pkttraits.internal.ValueBytes;

/**
 * Arrays of {@code struct pkt_trait}, what {@code TCP_SYN_TRAITS} and {@code SCM_PKT_TRAITS} carry.
 *
 * <pre>
 *    0               1               2               3
 *   +---------------+---------------+---------------+---------------+
 * 0 |  _zpad_1 (0)  |      key      |      len      |    io_err     |
 *   +---------------+---------------+---------------+---------------+
 * 4 |                         _zpad_2 (0)                           |
 *   +---------------+---------------+---------------+---------------+
 * 8 |                                                               |
 *   |            val, len bytes in the producer's order,            |
 *   |                     unused bytes are 0                        |
 *   |                                                               |
 *   +---------------+---------------+---------------+---------------+ 24
 * </pre>
 *
 * <p>{@code key} is 0 to 63. {@code len} is 0 for an absent key, {@code 0xff} for a flag, else the bytes of the value.
 * {@code io_err} is the errno of this element, which the kernel sets.
 *
 * <p>An {@code index} counts elements from the buffer's readerIndex. Buffers of any kind are read and written as big-endian
 * bytes, and neither retained nor released. Source: the packet traits RFC (netdev, April 2025).
 */
public final class PktTraitCodec {
    private static final TraitsAccess<Traits> ACCESS = TraitsAccess.to(Traits.EMPTY);
    /** Bytes of an element. */
    public static final int LENGTH = 24;

    /** The {@code len} of a flag. */
    public static final int FLAG_LENGTH = 0xff;

    /** The {@code key} that asks for any key, in a get. */
    public static final int ANY_KEY = 0xff;

    private static final int KEY = 1;
    private static final int LEN = 2;
    private static final int IO_ERR = 3;
    private static final int ZPAD_2 = 4;
    private static final int VAL = 8;

    private PktTraitCodec() {}

    /** Bytes that {@link #encode} writes. */
    public static int encodedLength(Traits traits) {
        return traits.size() * LENGTH;
    }

    /** Appends an element per trait, in key order: the argument of a set. */
    public static void encode(Traits traits, ByteBuf out) {
        out.ensureWritable(encodedLength(traits));
        byte[] values = ACCESS.values(traits);
        int index = 0;
        for (long rest = traits.keys(); rest != 0; rest &= rest - 1) {
            int key = Long.numberOfTrailingZeros(rest);
            int length = traits.length(key);
            writeHead(key, length == 0 ? FLAG_LENGTH : length, out);
            ValueBytes.writePadded(values, index, length, out);
            index += length;
        }
    }

    /** Appends an element without a value per key in the bit mask, in key order: the argument of a get. */
    public static void encodeKeys(long mask, ByteBuf out) {
        out.ensureWritable(Long.bitCount(mask) * LENGTH);
        for (long rest = mask; rest != 0; rest &= rest - 1) {
            writeHead(Long.numberOfTrailingZeros(rest), 0, out);
            out.writeZero(Traits.MAX_VALUE_LENGTH);
        }
    }

    /**
     * Reads all readable bytes as elements, in any key order. Absent elements ({@code len} 0) and failed ones ({@code io_err}
     * not 0, whose other fields mean nothing) are left out; {@link #firstError} returns the first failed one.
     *
     * @return the traits, {@link Traits#EMPTY} itself if there are none; the readerIndex is then at the end
     * @throws MalformedTraitsException if the bytes are not whole elements, a key is not in 0..63 or has two values, a
     *     length is not 0, 2, 4, 8, 16 or {@link #FLAG_LENGTH}, or a pad or unused byte is not 0; no index has moved then
     */
    public static Traits decode(ByteBuf in) {
        int start = in.readerIndex();
        int end = in.writerIndex();
        int partial = (end - start) % LENGTH;
        if (partial != 0) {
            throw new MalformedTraitsException(
                    Reason.TRUNCATED,
                    end - start - partial,
                    "the last pkt_trait has " + partial + " of " + LENGTH + " bytes");
        }
        long doubled = 0;
        long pair = 0;
        long octet = 0;
        for (int at = start; at < end; at += LENGTH) {
            long head = in.getLong(at);
            if (ioErr(head) != 0) {
                continue;
            }
            int key = key(head);
            int len = len(head);
            checkElement(in, at, head, at - start);
            if (len == 0) {
                continue;
            }
            long bit = 1L << key;
            if (((doubled | pair | octet) & bit) != 0) {
                throw new MalformedTraitsException(
                        Reason.DUPLICATE_KEY, at - start + KEY, "trait key " + key + " has two values");
            }
            int code = SizeWords.code(valueLength(len));
            doubled = SizeWords.with(doubled, bit, code, SizeWords.DOUBLED);
            pair = SizeWords.with(pair, bit, code, SizeWords.PAIR);
            octet = SizeWords.with(octet, bit, code, SizeWords.OCTET);
        }
        if ((doubled | pair | octet) == 0) {
            in.readerIndex(end);
            return Traits.EMPTY;
        }
        byte[] values = new byte[SizeWords.bytes(doubled, pair, octet, -1L)];
        for (int at = start; at < end; at += LENGTH) {
            long head = in.getLong(at);
            int len = len(head);
            if (ioErr(head) == 0 && len != 0) {
                int length = valueLength(len);
                int offset = SizeWords.end(doubled, pair, octet, key(head)) - length;
                ValueBytes.copy(in, at + VAL, values, offset, length);
            }
        }
        in.readerIndex(end);
        return ACCESS.of(doubled, pair, octet, values);
    }

    /** {@code key} of an element, 0 to 255. */
    public static int key(ByteBuf in, int index) {
        return in.getUnsignedByte(element(in, index) + KEY);
    }

    /** {@code io_err} of an element: an errno, or 0. */
    public static int ioErr(ByteBuf in, int index) {
        return in.getUnsignedByte(element(in, index) + IO_ERR);
    }

    /** Index of the first element whose {@code io_err} is not 0, or -1. */
    public static int firstError(ByteBuf in) {
        for (int index = 0; index < in.readableBytes() / LENGTH; index++) {
            if (ioErr(in, index) != 0) {
                return index;
            }
        }
        return -1;
    }

    private static int element(ByteBuf in, int index) {
        return in.readerIndex() + index * LENGTH;
    }

    private static void writeHead(int key, int len, ByteBuf out) {
        out.writeLong((long) key << 48 | (long) len << 40);
    }

    /** {@code head} is the 8 bytes before {@code val} as one big-endian number, here and below. */
    private static int zpad1(long head) {
        return (int) (head >>> 56);
    }

    private static int key(long head) {
        return (int) (head >>> 48) & 0xff;
    }

    private static int len(long head) {
        return (int) (head >>> 40) & 0xff;
    }

    private static int ioErr(long head) {
        return (int) (head >>> 32) & 0xff;
    }

    private static int zpad2(long head) {
        return (int) head;
    }

    private static int valueLength(int len) {
        return len == FLAG_LENGTH ? 0 : len;
    }

    private static void checkElement(ByteBuf in, int at, long head, int offset) {
        int key = key(head);
        int len = len(head);
        if (key >= Traits.MAX_KEYS) {
            throw new MalformedTraitsException(
                    Reason.KEY_OUT_OF_RANGE, offset + KEY, "trait key " + key + " is not in 0..63");
        }
        int length = valueLength(len);
        if (SizeWords.code(length) < 0) {
            throw new MalformedTraitsException(
                    Reason.LENGTH,
                    offset + LEN,
                    "len " + len + " of trait key " + key + " is not 0, 2, 4, 8, 16 or 255");
        }
        if (zpad1(head) != 0) {
            throw new MalformedTraitsException(Reason.PADDING, offset, "_zpad_1 of trait key " + key + " is not 0");
        }
        if (zpad2(head) != 0) {
            throw new MalformedTraitsException(
                    Reason.PADDING, offset + ZPAD_2, "_zpad_2 of trait key " + key + " is not 0");
        }
        if ((in.getLong(at + VAL) & unused(length)) != 0 || (in.getLong(at + VAL + 8) & unused(length - 8)) != 0) {
            throw new MalformedTraitsException(
                    Reason.PADDING, offset + VAL + length, "an unused byte of val of trait key " + key + " is not 0");
        }
    }

    /** The bits of 8 big-endian bytes behind the first {@code used} ones. */
    private static long unused(int used) {
        if (used <= 0) {
            return -1L;
        }
        return used >= 8 ? 0 : -1L >>> (8 * used);
    }
}
