// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.codec;

import io.netty.buffer.ByteBuf;
import io.pkttraits.Traits;
import io.pkttraits.codec.MalformedTraitsException.Reason;
import io.pkttraits.internal.SizeWords;
import io.pkttraits.internal.TraitsAccess;
import java.nio.ByteOrder;

/**
 * The trait store: how traits lie in a packet's headroom, and what the development branch's {@code SCM_PKT_TRAITS} carries.
 *
 * <pre>
 *    0                               8                              16
 *   +-------------------------------+-------------------------------+----------------------------+
 *   |             high              |              low              |  values in key order, ...  |
 *   +-------------------------------+-------------------------------+----------------------------+
 * </pre>
 *
 * <p>{@code high} and {@code low} are u64 in host order. Bit <i>n</i> of each says the size of the value of key <i>n</i>,
 * as the {@link TraitStoreLayout} defines. Values have no gaps between them; a flag has no bytes. The headroom has room for
 * 200 bytes of values, which is a limit of the kernel and not of this codec. Buffers are neither retained nor released.
 */
public final class TraitStoreCodec {
    private static final TraitsAccess<Traits> ACCESS = TraitsAccess.to(Traits.EMPTY);
    /** Bytes before the values. */
    public static final int HEADER_LENGTH = 16;

    private static final int HIGH = 0;
    private static final int LOW = 8;
    private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private TraitStoreCodec() {}

    /** Bytes that {@link #encode} writes, in any layout that can hold the set. */
    public static int encodedLength(Traits traits) {
        return HEADER_LENGTH + traits.valuesLength();
    }

    /**
     * Appends a store; one without values for an empty set.
     *
     * @throws UnsupportedTraitLengthException if the layout cannot hold a value of that length; nothing is written then
     */
    public static void encode(Traits traits, TraitStoreLayout layout, ByteBuf out) {
        long both = ACCESS.keysOfLength(traits, layout.both());
        long high = ACCESS.keysOfLength(traits, layout.high()) | both;
        long low = ACCESS.keysOfLength(traits, layout.low()) | both;
        long unsupported = traits.keys() & ~(high | low);
        if (unsupported != 0) {
            int key = Long.numberOfTrailingZeros(unsupported);
            throw new UnsupportedTraitLengthException(key, traits.length(key), layout);
        }
        out.ensureWritable(encodedLength(traits));
        writeWord(high, out);
        writeWord(low, out);
        out.writeBytes(ACCESS.values(traits));
    }

    /**
     * Reads all readable bytes as one store.
     *
     * @return the traits, {@link Traits#EMPTY} itself if there are none; the readerIndex is then at the end
     * @throws MalformedTraitsException if there are fewer or more bytes than the header and the values need; no index has
     *     moved then
     */
    public static Traits decode(ByteBuf in, TraitStoreLayout layout) {
        int readable = in.readableBytes();
        if (readable < HEADER_LENGTH) {
            throw new MalformedTraitsException(
                    Reason.TRUNCATED, readable, "the header has " + readable + " of " + HEADER_LENGTH + " bytes");
        }
        long high = readWord(in, in.readerIndex() + HIGH);
        long low = readWord(in, in.readerIndex() + LOW);
        long lowAlone = low & ~high;
        long highAlone = high & ~low;
        long both = high & low;
        long doubled = sizeWord(SizeWords.DOUBLED, layout, lowAlone, highAlone, both);
        long pair = sizeWord(SizeWords.PAIR, layout, lowAlone, highAlone, both);
        long octet = sizeWord(SizeWords.OCTET, layout, lowAlone, highAlone, both);

        int length = SizeWords.bytes(doubled, pair, octet, -1L);
        if (readable != HEADER_LENGTH + length) {
            boolean truncated = readable < HEADER_LENGTH + length;
            throw new MalformedTraitsException(
                    truncated ? Reason.TRUNCATED : Reason.TRAILING,
                    truncated ? readable : HEADER_LENGTH + length,
                    "the values have " + (readable - HEADER_LENGTH) + " bytes, but the header requires " + length);
        }
        if ((high | low) == 0) {
            in.skipBytes(HEADER_LENGTH);
            return Traits.EMPTY;
        }
        byte[] values = new byte[length];
        in.skipBytes(HEADER_LENGTH);
        in.readBytes(values);
        return ACCESS.of(doubled, pair, octet, values);
    }

    /** The size word {@code which} of a set whose keys have the lengths that the layout gives to each mask. */
    private static long sizeWord(int which, TraitStoreLayout layout, long lowAlone, long highAlone, long both) {
        long word = SizeWords.with(0, lowAlone, SizeWords.code(layout.low()), which);
        word = SizeWords.with(word, highAlone, SizeWords.code(layout.high()), which);
        return SizeWords.with(word, both, SizeWords.code(layout.both()), which);
    }

    private static long readWord(ByteBuf in, int index) {
        return LITTLE_ENDIAN ? in.getLongLE(index) : in.getLong(index);
    }

    private static void writeWord(long word, ByteBuf out) {
        if (LITTLE_ENDIAN) {
            out.writeLongLE(word);
        } else {
            out.writeLong(word);
        }
    }
}
