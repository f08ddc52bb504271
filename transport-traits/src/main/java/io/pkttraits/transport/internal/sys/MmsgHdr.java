// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.sys;

import java.nio.ByteBuffer;

/**
 * {@code struct mmsghdr} (recvmmsg(2)) of 64-bit Linux, in host order.
 *
 * <pre>
 *    0                               56              60              64
 *   +-------------------------------+---------------+---------------+
 *   |   msg_hdr: struct msghdr      |    msg_len    |      pad      |
 *   +-------------------------------+---------------+---------------+
 * </pre>
 */
final class MmsgHdr {
    static final int SIZE = 64;
    static final int MSG_HDR = 0;
    static final int MSG_LEN = MsgHdr.SIZE;

    private MmsgHdr() {}

    /** Bytes of payload that were received into, or sent from, the message. */
    static int length(ByteBuffer memory, int at) {
        return memory.getInt(at + MSG_LEN);
    }
}
