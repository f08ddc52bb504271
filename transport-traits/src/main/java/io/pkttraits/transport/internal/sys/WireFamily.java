// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.sys;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/** Finds out an address's family on the wire. A dual-stack socket writes IPv4 addresses as IPv4-mapped ones (RFC 4291). */
public final class WireFamily {
    /** The first 8 bytes of an IPv4-mapped address, big-endian. */
    public static final long IPV4_MAPPED_HIGH = 0;

    /** The last 8 bytes of an IPv4-mapped address, big-endian, without the IPv4 address in the last 4. */
    public static final long IPV4_MAPPED_LOW = 0xffffL << 32;

    private WireFamily() {}

    /** Returns true if an address of 16 bytes, passed as two big-endian numbers, is an IPv4-mapped one. */
    public static boolean isIpv4Mapped(long high, long low) {
        return high == IPV4_MAPPED_HIGH && low >>> 32 == IPV4_MAPPED_LOW >>> 32;
    }

    /** Returns true if packets to the address are IPv4 packets, also on an IPv6 socket. */
    public static boolean isIpv4(InetAddress address) {
        if (address instanceof Inet4Address) {
            return true;
        }
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return isIpv4Mapped(bytes.getLong(0), bytes.getLong(8));
    }
}
