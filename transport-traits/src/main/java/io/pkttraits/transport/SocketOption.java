// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

/** The two numbers by which setsockopt(2) knows an option. */
record SocketOption(int level, int optname) {
    static final int SOL_IP = 0;
    static final int SOL_SOCKET = 1;
    static final int SOL_TCP = 6;
    static final int SOL_UDP = 17;
    static final int SOL_IPV6 = 41;
}
