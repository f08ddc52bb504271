// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import io.netty.buffer.ByteBuf;
import io.pkttraits.Traits;
import io.pkttraits.codec.TraitTlvCodec;

/**
 * Traits as an IPv4 option (RFC 791 section 3.1; experimental number of RFC 4727).
 *
 * <pre>
 *   0      1      2     3     4 ...                       4 + n
 * +------+------+-----+-----+---------------------------+----------------------+
 * | type | len  | 'T' | 'R' | TLVs: key, len, value ... | END up to 4 bytes    |
 * | 0x9e | 4+n  |     |     | n &lt;= 36                   |                      |
 * +------+------+-----+-----+---------------------------+----------------------+
 * </pre>
 *
 * Type 0x9e: copied into fragments, class 0 (control), number 30 (experiment). All options of a header together have
 * 40 bytes.
 */
public final class Ipv4TraitOption {
    static final int TYPE = 0x9e;
    /** Room for TLVs, in bytes. */
    public static final int MAX_TLV_LENGTH = 36;

    private static final int HEADER_LENGTH = 2 + ExperimentId.LENGTH;
    private static final int IPOPT_END = 0;
    private static final int IPOPT_NOOP = 1;
    private static final int IPOPT_LSRR = 0x83;
    private static final int IPOPT_SSRR = 0x89;

    private Ipv4TraitOption() {}

    /**
     * Writes the option, padded to a multiple of 4, as {@code IP_OPTIONS} and {@code IP_RETOPTS} take it.
     *
     * @param tlvLength {@link TraitTlvCodec#encodedLength} of the traits, at most {@link #MAX_TLV_LENGTH}
     */
    public static void encode(Traits traits, int tlvLength, ByteBuf out) {
        out.writeByte(TYPE);
        out.writeByte(HEADER_LENGTH + tlvLength);
        ExperimentId.write(out);
        TraitTlvCodec.encode(traits, out);
        out.writeZero(-(HEADER_LENGTH + tlvLength) & 3);
    }

    /** Looks through the options between two indexes; if {@code FOUND}, sets the buffer's indexes to the TLVs. */
    public static OptionSearchResult find(ByteBuf buf, int from, int to) {
        int found = -1;
        boolean foreign = false;
        boolean sourceRouted = false;
        int at = from;
        while (at < to) {
            int type = buf.getUnsignedByte(at);
            if (type == IPOPT_END) {
                break;
            }
            if (type == IPOPT_NOOP) {
                at++;
                continue;
            }
            int length = at + 1 < to ? buf.getUnsignedByte(at + 1) : 0;
            if (length < 2 || length > to - at) {
                return OptionSearchResult.MALFORMED;
            }
            if (type == TYPE) {
                if (length < HEADER_LENGTH || !ExperimentId.isAt(buf, at + 2)) {
                    foreign = true;
                } else if (found >= 0) {
                    return OptionSearchResult.MALFORMED;
                } else {
                    found = at;
                }
            } else if (type == IPOPT_LSRR || type == IPOPT_SSRR) {
                sourceRouted = true;
            }
            at += length;
        }
        if (found < 0) {
            return foreign ? OptionSearchResult.FOREIGN : OptionSearchResult.ABSENT;
        }
        if (sourceRouted) {
            return OptionSearchResult.SOURCE_ROUTED;
        }
        buf.setIndex(found + HEADER_LENGTH, found + buf.getUnsignedByte(found + 1));
        return OptionSearchResult.FOUND;
    }
}
