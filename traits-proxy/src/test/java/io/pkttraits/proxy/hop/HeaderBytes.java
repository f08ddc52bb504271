// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.hop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.pkttraits.Traits;
import io.pkttraits.codec.TraitTlvCodec;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** A PROXY header of version 2 byte by byte, be it allowed or not. */
public final class HeaderBytes {
    public static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    public static final int CHECKSUM_TYPE = 0x03;

    /** From 192.0.2.1:4242 to 198.51.100.2:443. */
    public static final String IPV4 = "c0000201 c6336402 1092 01bb";

    private int versionAndCommand = 0x21;
    private int family = 0x11;
    private int lengthError;
    private final ByteBuf rest = Unpooled.buffer();

    /** A header of the command PROXY for TCP over IPv4. */
    public static HeaderBytes ipv4() {
        return new HeaderBytes().append(IPV4);
    }

    public static HeaderBytes of(int versionAndCommand, int family, String addresses) {
        HeaderBytes header = new HeaderBytes();
        header.versionAndCommand = versionAndCommand;
        header.family = family;
        return header.append(addresses);
    }

    public HeaderBytes append(String hex) {
        rest.writeBytes(HexFormat.of().parseHex(hex.replace(" ", "")));
        return this;
    }

    public HeaderBytes tlv(int type, byte... value) {
        rest.writeByte(type).writeShort(value.length).writeBytes(value);
        return this;
    }

    public HeaderBytes traits(Traits traits) {
        ByteBuf encoded = Unpooled.buffer();
        TraitTlvCodec.encode(traits, encoded);
        return tlv(HopConfig.DEFAULT_TLV_TYPE, ByteBufUtil.getBytes(encoded));
    }

    /** Makes the length wrong by so many bytes. */
    public HeaderBytes lie(int bytes) {
        lengthError = bytes;
        return this;
    }

    /** With a checksum as the last TLV: the right one, changed by {@code error}. */
    public byte[] withChecksum(int error) {
        tlv(CHECKSUM_TYPE, new byte[4]);
        byte[] bytes = bytes();
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        Unpooled.wrappedBuffer(bytes).setInt(bytes.length - 4, (int) checksum.getValue() ^ error);
        return bytes;
    }

    public byte[] bytes() {
        ByteBuf header = Unpooled.buffer();
        header.writeBytes(HexFormat.of().parseHex(SIGNATURE))
                .writeByte(versionAndCommand)
                .writeByte(family)
                .writeShort(rest.readableBytes() + lengthError)
                .writeBytes(rest, rest.readerIndex(), rest.readableBytes());
        return ByteBufUtil.getBytes(header);
    }
}
