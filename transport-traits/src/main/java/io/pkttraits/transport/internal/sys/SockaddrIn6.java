// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.sys;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * {@code struct sockaddr_in6} (ipv6(7)).
 *
 * <pre>
 *    0               2               4                               8
 *   +---------------+---------------+-------------------------------+
 *   |  sin6_family  |   sin6_port   |         sin6_flowinfo         |
 *   +---------------+---------------+-------------------------------+ 8
 *   |                                                               |
 *   |                           sin6_addr                           |
 *   |                                                               |
 *   +-------------------------------+-------------------------------+ 24
 *   |         sin6_scope_id         |
 *   +-------------------------------+ 28
 * </pre>
 *
 * {@code sin6_family} and {@code sin6_scope_id} are in host order, {@code sin6_port} and {@code sin6_addr} in network
 * order.
 */
public final class SockaddrIn6 {
    public static final int SIZE = 28;
    static final int SIN6_FAMILY = 0;
    public static final int SIN6_PORT = 2;
    static final int SIN6_FLOWINFO = 4;
    public static final int SIN6_ADDR = 8;
    public static final int SIN6_SCOPE_ID = 24;

    public static final short AF_INET6 = 10;

    private static final int IPV4_OFFSET = 12;

    private SockaddrIn6() {}

    /** Writes all 28 bytes. {@code address} has 16, or 4 for its IPv4-mapped form. */
    public static void set(NativeMemory memory, int at, byte[] address, int scopeId, int port) {
        ByteBuffer host = memory.host();
        ByteBuf bytes = memory.bytes();
        host.putShort(at + SIN6_FAMILY, AF_INET6);
        bytes.setShort(at + SIN6_PORT, port);
        host.putInt(at + SIN6_FLOWINFO, 0);
        if (address.length == 4) {
            bytes.setLong(at + SIN6_ADDR, WireFamily.IPV4_MAPPED_HIGH);
            bytes.setLong(at + SIN6_ADDR + 8, WireFamily.IPV4_MAPPED_LOW);
            bytes.setBytes(at + SIN6_ADDR + IPV4_OFFSET, address);
        } else {
            bytes.setBytes(at + SIN6_ADDR, address);
        }
        host.putInt(at + SIN6_SCOPE_ID, scopeId);
    }

    static boolean isIpv4Mapped(ByteBuf bytes, int at) {
        return WireFamily.isIpv4Mapped(bytes.getLong(at + SIN6_ADDR), bytes.getLong(at + SIN6_ADDR + 8));
    }
}
