// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import io.netty.buffer.ByteBuf;
import io.pkttraits.transport.PeerNetworks;

/**
 * The headers of a SYN as {@code getsockopt(TCP_SAVED_SYN)} returns them: from the IP header on, extension headers and
 * options included, up to the end of the TCP header (tcp(7)).
 *
 * <pre>
 * IPv4:  0  version(4 bits) ihl(4 bits, in 4 bytes)     IPv6:  0  version(4 bits) ...
 *       12  saddr, 4 bytes                                     4  payload_len, u16, without these 40 bytes
 *       20  options, up to ihl                                 6  nexthdr
 *                                                              8  saddr, 16 bytes
 *                                                             40  extension headers: nexthdr, hdrlen (8 bytes, less 1)
 * </pre>
 */
final class SavedSyn {
    private static final int IPV4_SADDR = 12;
    private static final int IPV4_HEADER_LENGTH = 20;

    private static final int IPV6_PAYLOAD_LEN = 4;
    private static final int IPV6_NEXTHDR = 6;
    private static final int IPV6_SADDR = 8;
    private static final int IPV6_HEADER_LENGTH = 40;

    private static final int NEXTHDR_HOP = 0;
    private static final int NEXTHDR_ROUTING = 43;
    private static final int NEXTHDR_DEST = 60;
    private static final int MIN_EXTENSION_LENGTH = 8;

    private SavedSyn() {}

    /**
     * Looks for traits in the packet that begins at index 0. If {@code FOUND}, sets the buffer's indexes to the TLVs.
     *
     * @param buf a first byte of 0 means that no SYN was saved
     */
    static OptionSearchResult find(ByteBuf buf) {
        return switch (version(buf)) {
            case 4 -> findInIpv4Header(buf, (buf.getByte(0) & 0xf) * 4);
            case 6 -> findInIpv6Packet(buf);
            default -> buf.getByte(0) == 0 ? OptionSearchResult.NO_PACKET : OptionSearchResult.MALFORMED;
        };
    }

    /** Returns true if {@code peers} contain the sender. {@link #find} must have found traits in the packet. */
    static boolean isFrom(PeerNetworks peers, ByteBuf buf) {
        return version(buf) == 4 ? peers.containsIpv4(buf, IPV4_SADDR) : peers.containsIpv6(buf, IPV6_SADDR);
    }

    private static int version(ByteBuf buf) {
        return buf.getUnsignedByte(0) >>> 4;
    }

    private static OptionSearchResult findInIpv4Header(ByteBuf buf, int headerLength) {
        return headerLength < IPV4_HEADER_LENGTH || headerLength > buf.capacity()
                ? OptionSearchResult.MALFORMED
                : Ipv4TraitOption.find(buf, IPV4_HEADER_LENGTH, headerLength);
    }

    private static OptionSearchResult findInIpv6Packet(ByteBuf buf) {
        if (buf.capacity() < IPV6_HEADER_LENGTH) {
            return OptionSearchResult.MALFORMED;
        }
        int packetLength = IPV6_HEADER_LENGTH + buf.getUnsignedShort(IPV6_PAYLOAD_LEN);
        return findInExtensionHeaders(buf, Math.min(buf.capacity(), packetLength));
    }

    private static OptionSearchResult findInExtensionHeaders(ByteBuf buf, int end) {
        OptionSearchResult result = OptionSearchResult.ABSENT;
        boolean routed = false;
        int next = buf.getUnsignedByte(IPV6_NEXTHDR);
        int at = IPV6_HEADER_LENGTH;
        // Any other header ends the walk: TCP itself, or one that Linux does not accept a SYN behind.
        while (next == NEXTHDR_HOP || next == NEXTHDR_ROUTING || next == NEXTHDR_DEST) {
            if (end - at < MIN_EXTENSION_LENGTH) {
                return OptionSearchResult.MALFORMED;
            }
            int length = (buf.getUnsignedByte(at + 1) + 1) * 8;
            if (length > end - at) {
                return OptionSearchResult.MALFORMED;
            }
            if (next == NEXTHDR_ROUTING) {
                routed = true;
            } else if (next == NEXTHDR_DEST) {
                OptionSearchResult here = Ipv6TraitOption.find(buf, at + 2, at + length);
                if (here == OptionSearchResult.MALFORMED
                        || (here == OptionSearchResult.FOUND && result == OptionSearchResult.FOUND)) {
                    return OptionSearchResult.MALFORMED;
                }
                if (here == OptionSearchResult.FOUND || result == OptionSearchResult.ABSENT) {
                    result = here;
                }
            }
            next = buf.getUnsignedByte(at);
            at += length;
        }
        return routed && result == OptionSearchResult.FOUND ? OptionSearchResult.SOURCE_ROUTED : result;
    }
}
