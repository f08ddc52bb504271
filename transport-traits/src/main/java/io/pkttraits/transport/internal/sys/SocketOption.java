// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.sys;

/** The two numbers that identify an option in setsockopt(2). */
public record SocketOption(int level, int optname) {
    public static final int SOL_IP = 0;
    public static final int SOL_SOCKET = 1;
    public static final int SOL_TCP = 6;
    public static final int SOL_UDP = 17;
    public static final int SOL_IPV6 = 41;
}
