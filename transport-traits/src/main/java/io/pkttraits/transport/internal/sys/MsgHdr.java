// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.sys;

import java.nio.ByteBuffer;

/**
 * {@code struct msghdr} (recvmsg(2)) of 64-bit Linux, in host order.
 *
 * <pre>
 *    0                               8              12              16
 *   +-------------------------------+---------------+---------------+
 *   |           msg_name            |  msg_namelen  |      pad      |
 *   +-------------------------------+---------------+---------------+ 16
 *   |            msg_iov            |          msg_iovlen           |
 *   +-------------------------------+---------------+---------------+ 32
 *   |          msg_control          |        msg_controllen         |
 *   +---------------+---------------+---------------+---------------+ 48
 *   |   msg_flags   |      pad      |
 *   +---------------+---------------+ 56
 * </pre>
 *
 * On receive {@code msg_namelen} and {@code msg_controllen} say what there is room for, and then what was written.
 */
final class MsgHdr {
    static final int SIZE = 56;
    static final int MSG_NAME = 0;
    static final int MSG_NAMELEN = 8;
    static final int MSG_IOV = 16;
    static final int MSG_IOVLEN = 24;
    static final int MSG_CONTROL = 32;
    static final int MSG_CONTROLLEN = 40;
    static final int MSG_FLAGS = 48;

    /** In {@code msg_flags}: control messages did not fit and were cut off. */
    static final int MSG_CTRUNC = 0x08;

    private MsgHdr() {}

    static void setPointers(ByteBuffer memory, int at, long name, long iov, long control) {
        memory.putLong(at + MSG_NAME, name);
        memory.putLong(at + MSG_IOV, iov);
        memory.putLong(at + MSG_CONTROL, control);
    }

    static void setIov(ByteBuffer memory, int at, long iov, int count) {
        memory.putLong(at + MSG_IOV, iov);
        memory.putLong(at + MSG_IOVLEN, count);
    }

    /** Lengths of 0 make the kernel ignore the pointers. */
    static void setLengths(ByteBuffer memory, int at, int nameLength, int controlLength) {
        memory.putInt(at + MSG_NAMELEN, nameLength);
        memory.putLong(at + MSG_CONTROLLEN, controlLength);
        memory.putInt(at + MSG_FLAGS, 0);
    }

    static int nameLength(ByteBuffer memory, int at) {
        return memory.getInt(at + MSG_NAMELEN);
    }

    static long controlLength(ByteBuffer memory, int at) {
        return memory.getLong(at + MSG_CONTROLLEN);
    }

    static boolean isControlTruncated(ByteBuffer memory, int at) {
        return (memory.getInt(at + MSG_FLAGS) & MSG_CTRUNC) != 0;
    }
}
