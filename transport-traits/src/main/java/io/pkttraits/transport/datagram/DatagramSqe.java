// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.channel.uring.IoUringIoOps;
import io.pkttraits.transport.internal.sys.DatagramSyscalls;

/**
 * Builds the {@code struct io_uring_sqe}s (io_uring_enter(2)) that a datagram channel submits. The completion of each
 * one returns the index of its message.
 */
final class DatagramSqe {
    static final byte IORING_OP_SENDMSG = 9;
    static final byte IORING_OP_RECVMSG = 10;
    static final byte IORING_OP_ASYNC_CANCEL = 14;

    private DatagramSqe() {}

    /**
     * Receives one message.
     *
     * @param msg address of a {@code MsgHdr}, which like all that it points to is the kernel's until completion
     * @param wait whether it completes no earlier than there is a message
     */
    static IoUringIoOps recvmsg(int fd, long msg, boolean wait, int index) {
        return message(IORING_OP_RECVMSG, fd, msg, wait ? 0 : DatagramSyscalls.MSG_DONTWAIT, index);
    }

    /**
     * Sends one message.
     *
     * @param msg address of a {@code MsgHdr}, which like all that it points to is the kernel's until completion
     * @param wait whether it completes no earlier than there was room for it
     */
    static IoUringIoOps sendmsg(int fd, long msg, boolean wait, int index) {
        return message(IORING_OP_SENDMSG, fd, msg, wait ? 0 : DatagramSyscalls.MSG_DONTWAIT, index);
    }

    /** Cancels what {@link io.netty.channel.IoRegistration#submit} has given that id, if it is still waiting. */
    static IoUringIoOps cancel(long id) {
        return new IoUringIoOps(
                IORING_OP_ASYNC_CANCEL, (byte) 0, (short) 0, -1, 0L, id, 0, 0, 0L, (short) 0, (short) 0, 0, 0L);
    }

    private static IoUringIoOps message(byte opcode, int fd, long msg, int msgFlags, long index) {
        return new IoUringIoOps(
                opcode, (byte) 0, (short) 0, fd, 0L, msg, 1, msgFlags, index, (short) 0, (short) 0, 0, 0L);
    }
}
