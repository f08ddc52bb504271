// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.sys;

import java.nio.ByteBuffer;

/**
 * {@code struct sockaddr_in} (ip(7)).
 *
 * <pre>
 *    0               2               4                               8                      16
 *   +---------------+---------------+-------------------------------+----------------------+
 *   |  sin_family   |   sin_port    |           sin_addr            |       zero           |
 *   +---------------+---------------+-------------------------------+----------------------+
 * </pre>
 *
 * {@code sin_family} is in host order, {@code sin_port} and {@code sin_addr} in network order.
 */
public final class SockaddrIn {
    public static final int SIZE = 16;
    static final int SIN_FAMILY = 0;
    public static final int SIN_PORT = 2;
    public static final int SIN_ADDR = 4;

    public static final short AF_INET = 2;

    private SockaddrIn() {}

    /** Writes all 16 bytes. {@code address} has 4. */
    public static void set(NativeMemory memory, int at, byte[] address, int port) {
        ByteBuffer host = memory.host();
        host.putLong(at, 0);
        host.putLong(at + 8, 0);
        host.putShort(at + SIN_FAMILY, AF_INET);
        memory.bytes().setShort(at + SIN_PORT, port);
        memory.bytes().setBytes(at + SIN_ADDR, address);
    }
}
