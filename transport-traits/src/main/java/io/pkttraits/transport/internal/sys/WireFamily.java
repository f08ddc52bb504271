// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.sys;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/** Which family an address has on the wire: a dual-stack socket writes IPv4 ones as IPv4-mapped IPv6 ones (RFC 4291). */
public final class WireFamily {
    /** The first 8 bytes of an IPv4-mapped address, big-endian. */
    public static final long IPV4_MAPPED_HIGH = 0;

    /** The last 8 bytes of an IPv4-mapped address, big-endian, without the IPv4 address in the last 4. */
    public static final long IPV4_MAPPED_LOW = 0xffffL << 32;

    private WireFamily() {}

    /** Whether an address of 16 bytes, as two big-endian numbers, is an IPv4-mapped one. */
    public static boolean isIpv4Mapped(long high, long low) {
        return high == IPV4_MAPPED_HIGH && low >>> 32 == IPV4_MAPPED_LOW >>> 32;
    }

    /** Whether packets to that address are IPv4 packets, whatever the family of the socket. */
    public static boolean isIpv4(InetAddress address) {
        if (address instanceof Inet4Address) {
            return true;
        }
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return isIpv4Mapped(bytes.getLong(0), bytes.getLong(8));
    }
}
