// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.sys;

/** The two numbers by which setsockopt(2) knows an option. */
public record SocketOption(int level, int optname) {
    public static final int SOL_IP = 0;
    public static final int SOL_SOCKET = 1;
    public static final int SOL_TCP = 6;
    public static final int SOL_UDP = 17;
    public static final int SOL_IPV6 = 41;
}
