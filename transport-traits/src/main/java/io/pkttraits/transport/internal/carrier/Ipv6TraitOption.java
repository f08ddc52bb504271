// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import io.netty.buffer.ByteBuf;
import io.pkttraits.Traits;
import io.pkttraits.codec.TraitTlvCodec;

/**
 * Traits as an option in an IPv6 Destination Options header (RFC 8200 sections 4.2 and 4.6; experimental number of RFC
 * 4727).
 *
 * <pre>
 *   0         1          2      3      4     5     6 ...                      6 + n
 * +---------+----------+------+------+-----+-----+--------------------------+-----------------------+
 * | nexthdr | hdrlen   | type | len  | 'T' | 'R' | TLVs: key, len, value .. | Pad1 or PadN up to a  |
 * | (0)     | /8 - 1   | 0x1e | 2+n  |     |     | n &lt;= 253                 | multiple of 8         |
 * +---------+----------+------+------+-----+-----+--------------------------+-----------------------+
 * </pre>
 *
 * Type 0x1e: a node that does not know the option skips it, and no node changes it on the way.
 */
public final class Ipv6TraitOption {
    static final int TYPE = 0x1e;
    /** Room for TLVs, in bytes. */
    public static final int MAX_TLV_LENGTH = 255 - ExperimentId.LENGTH;

    private static final int OPTION_HEADER_LENGTH = 2;
    private static final int EXTENSION_HEADER_LENGTH = 2;
    private static final int PAD1 = 0;
    private static final int PADN = 1;

    private Ipv6TraitOption() {}

    /**
     * Writes the whole extension header, as {@code IPV6_DSTOPTS} takes it.
     *
     * @param tlvLength {@link TraitTlvCodec#encodedLength} of the traits, at most {@link #MAX_TLV_LENGTH}
     */
    public static void encode(Traits traits, int tlvLength, ByteBuf out) {
        int used = EXTENSION_HEADER_LENGTH + OPTION_HEADER_LENGTH + ExperimentId.LENGTH + tlvLength;
        int padding = -used & 7;
        out.writeByte(0);
        out.writeByte((used + padding) / 8 - 1);
        out.writeByte(TYPE);
        out.writeByte(ExperimentId.LENGTH + tlvLength);
        ExperimentId.write(out);
        TraitTlvCodec.encode(traits, out);
        if (padding == 1) {
            out.writeByte(PAD1);
        } else if (padding > 1) {
            out.writeByte(PADN);
            out.writeByte(padding - 2);
            out.writeZero(padding - 2);
        }
    }

    /**
     * Looks through the options of one Destination Options header, between the index after its two first bytes and its
     * end; if {@code FOUND}, sets the buffer's indexes to the TLVs.
     */
    static OptionSearchResult find(ByteBuf buf, int from, int to) {
        int found = -1;
        boolean foreign = false;
        int at = from;
        while (at < to) {
            int type = buf.getUnsignedByte(at);
            if (type == PAD1) {
                at++;
                continue;
            }
            int length = at + 1 < to ? buf.getUnsignedByte(at + 1) : to;
            if (length > to - at - OPTION_HEADER_LENGTH) {
                return OptionSearchResult.MALFORMED;
            }
            if (type == TYPE) {
                if (length < ExperimentId.LENGTH || !ExperimentId.isAt(buf, at + OPTION_HEADER_LENGTH)) {
                    foreign = true;
                } else if (found >= 0) {
                    return OptionSearchResult.MALFORMED;
                } else {
                    found = at;
                }
            }
            at += OPTION_HEADER_LENGTH + length;
        }
        if (found < 0) {
            return foreign ? OptionSearchResult.FOREIGN : OptionSearchResult.ABSENT;
        }
        int value = found + OPTION_HEADER_LENGTH;
        buf.setIndex(value + ExperimentId.LENGTH, value + buf.getUnsignedByte(found + 1));
        return OptionSearchResult.FOUND;
    }
}
