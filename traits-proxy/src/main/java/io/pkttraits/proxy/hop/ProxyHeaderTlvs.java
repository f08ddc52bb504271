// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.hop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * What the PROXY protocol (section 2.2) wants of a header's TLVs and Netty's decoder does not look at: that they end where the
 * header does, and that the checksum is right if there is one.
 */
final class ProxyHeaderTlvs {
    /** Bytes before the addresses. */
    static final int FIXED_LENGTH = 16;

    private static final int COMMAND_INDEX = 12;
    private static final int FAMILY_INDEX = 13;
    private static final int TLV_HEADER_LENGTH = 3;
    private static final int TYPE_CRC32C = 0x03;
    private static final int CRC32C_LENGTH = 4;

    private ProxyHeaderTlvs() {}

    /** Whether they are so in a header that is all of {@code header}'s readable bytes; no index moves. */
    static boolean areSound(ByteBuf header) {
        int start = header.readerIndex();
        int addresses = addressesLength(header.getByte(start + FAMILY_INDEX));
        boolean local = (header.getByte(start + COMMAND_INDEX) & 0xf) == 0;
        if (local || addresses < 0) {
            return true;
        }
        int checksumIndex = -1;
        int end = header.writerIndex();
        int at = start + FIXED_LENGTH + addresses;
        while (at < end) {
            if (end - at < TLV_HEADER_LENGTH) {
                return false;
            }
            int length = header.getUnsignedShort(at + 1);
            int value = at + TLV_HEADER_LENGTH;
            if (header.getUnsignedByte(at) == TYPE_CRC32C) {
                if (length != CRC32C_LENGTH || checksumIndex >= 0) {
                    return false;
                }
                checksumIndex = value;
            }
            at = value + length;
        }
        return at == end && (checksumIndex < 0 || isChecksumRight(header, checksumIndex));
    }

    /** Bytes of both addresses and ports, or -1 for a family without any, whose headers have nothing to look at. */
    private static int addressesLength(byte family) {
        return switch (family >> 4) {
            case 1 -> 2 * 4 + 4;
            case 2 -> 2 * 16 + 4;
            case 3 -> 2 * 108;
            default -> -1;
        };
    }

    /** It is that of the header with zeros in its place. */
    private static boolean isChecksumRight(ByteBuf header, int index) {
        byte[] bytes = ByteBufUtil.getBytes(header);
        int from = index - header.readerIndex();
        if (from + CRC32C_LENGTH > bytes.length) {
            return false;
        }
        Arrays.fill(bytes, from, from + CRC32C_LENGTH, (byte) 0);
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        return checksum.getValue() == header.getUnsignedInt(index);
    }
}
