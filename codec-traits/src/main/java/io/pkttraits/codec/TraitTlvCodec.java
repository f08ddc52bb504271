// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.codec;

import io.netty.buffer.ByteBuf;
import io.pkttraits.Traits;
import io.pkttraits.codec.MalformedTraitsException.Reason;
import io.pkttraits.internal.SizeWords;
import io.pkttraits.internal.TraitsAccess;
import io.pkttraits.internal.ValueBytes;

/**
 * The list of traits in an IP option, a SYN option or a PROXY protocol TLV, behind whatever marks the option as ours.
 *
 * <pre>
 *    0       1       2
 *   +-------+-------+---------------+
 *   |  key  |  len  |  len bytes    |   once per trait, keys strictly ascending
 *   +-------+-------+---------------+
 * </pre>
 *
 * <p>{@code key} is 0 to 63; {@code len} is 0 for a flag, else 2, 4, 8 or 16. A set has one encoding: keys that descend or
 * come twice are refused, and so are bytes behind the last trait, such as an option's padding. Buffers are neither
 * retained nor released.
 */
public final class TraitTlvCodec {
    private static final TraitsAccess<Traits> ACCESS = TraitsAccess.to(Traits.EMPTY);
    /** Bytes before each value. */
    public static final int HEADER_LENGTH = 2;

    private TraitTlvCodec() {}

    /** Bytes that {@link #encode} writes. */
    public static int encodedLength(Traits traits) {
        return traits.size() * HEADER_LENGTH + traits.valuesLength();
    }

    /** Appends the list; nothing for an empty set. */
    public static void encode(Traits traits, ByteBuf out) {
        out.ensureWritable(encodedLength(traits));
        byte[] values = ACCESS.values(traits);
        int index = 0;
        for (long rest = traits.keys(); rest != 0; rest &= rest - 1) {
            int key = Long.numberOfTrailingZeros(rest);
            int length = traits.length(key);
            out.writeShort(key << 8 | length);
            ValueBytes.write(values, index, length, out);
            index += length;
        }
    }

    /**
     * Reads all readable bytes as a list.
     *
     * @return the traits, {@link Traits#EMPTY} itself if there are none; the readerIndex is then at the end
     * @throws MalformedTraitsException if the bytes end inside a trait, a key is not in 0..63 or not greater than the one
     *     before, or a length is not 0, 2, 4, 8 or 16; no index has moved then
     */
    public static Traits decode(ByteBuf in) {
        int start = in.readerIndex();
        int end = in.writerIndex();
        long doubled = 0;
        long pair = 0;
        long octet = 0;
        int last = -1;
        for (int at = start; at < end; ) {
            int key = in.getUnsignedByte(at);
            checkKey(key, last, at - start);
            last = key;
            if (end - at < HEADER_LENGTH) {
                throw new MalformedTraitsException(Reason.TRUNCATED, at - start, "trait key " + key + " has no length");
            }
            int length = in.getUnsignedByte(at + 1);
            int code = SizeWords.code(length);
            if (code < 0) {
                throw new MalformedTraitsException(
                        Reason.LENGTH,
                        at - start + 1,
                        "length " + length + " of trait key " + key + " is not 0, 2, 4, 8 or 16");
            }
            at += HEADER_LENGTH;
            if (end - at < length) {
                throw new MalformedTraitsException(
                        Reason.TRUNCATED,
                        at - start,
                        "the value of trait key " + key + " has " + (end - at) + " of " + length + " bytes");
            }
            at += length;
            long bit = 1L << key;
            doubled = SizeWords.with(doubled, bit, code, SizeWords.DOUBLED);
            pair = SizeWords.with(pair, bit, code, SizeWords.PAIR);
            octet = SizeWords.with(octet, bit, code, SizeWords.OCTET);
        }
        if (last < 0) {
            return Traits.EMPTY;
        }
        byte[] values = new byte[SizeWords.bytes(doubled, pair, octet, -1L)];
        int index = 0;
        for (int at = start; at < end; ) {
            int length = in.getUnsignedByte(at + 1);
            ValueBytes.copy(in, at + HEADER_LENGTH, values, index, length);
            at += HEADER_LENGTH + length;
            index += length;
        }
        in.readerIndex(end);
        return ACCESS.of(doubled, pair, octet, values);
    }

    private static void checkKey(int key, int last, int offset) {
        if (key >= Traits.MAX_KEYS) {
            throw new MalformedTraitsException(
                    Reason.KEY_OUT_OF_RANGE, offset, "trait key " + key + " is not in 0..63");
        }
        if (key == last) {
            throw new MalformedTraitsException(Reason.DUPLICATE_KEY, offset, "trait key " + key + " has two values");
        }
        if (key < last) {
            throw new MalformedTraitsException(
                    Reason.KEY_ORDER, offset, "trait key " + key + " comes after trait key " + last);
        }
    }
}
