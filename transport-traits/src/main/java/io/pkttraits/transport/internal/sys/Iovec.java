// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.sys;

import java.nio.ByteBuffer;

/**
 * {@code struct iovec} (readv(2)) of 64-bit Linux, in host order.
 *
 * <pre>
 *    0                               8                              16
 *   +-------------------------------+-------------------------------+
 *   |           iov_base            |            iov_len            |
 *   +-------------------------------+-------------------------------+
 * </pre>
 */
final class Iovec {
    static final int SIZE = 16;
    static final int IOV_BASE = 0;
    static final int IOV_LEN = 8;

    private Iovec() {}

    static void set(ByteBuffer memory, int at, long base, int length) {
        memory.putLong(at + IOV_BASE, base);
        memory.putLong(at + IOV_LEN, length);
    }
}
