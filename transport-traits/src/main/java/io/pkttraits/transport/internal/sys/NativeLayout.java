// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.sys;

import java.util.function.IntUnaryOperator;

/** Compares the sizes and offsets in our classes of C structures with those that the C compiler has used. */
final class NativeLayout {
    /** In the order of {@code layout} in datagram_syscalls.c. */
    private static final int[] EXPECTED = {
        Iovec.SIZE,
        Iovec.IOV_BASE,
        Iovec.IOV_LEN,
        MsgHdr.SIZE,
        MsgHdr.MSG_NAME,
        MsgHdr.MSG_NAMELEN,
        MsgHdr.MSG_IOV,
        MsgHdr.MSG_IOVLEN,
        MsgHdr.MSG_CONTROL,
        MsgHdr.MSG_CONTROLLEN,
        MsgHdr.MSG_FLAGS,
        MmsgHdr.SIZE,
        MmsgHdr.MSG_HDR,
        MmsgHdr.MSG_LEN,
        CmsgHdr.SIZE,
        CmsgHdr.CMSG_LEN,
        CmsgHdr.CMSG_LEVEL,
        CmsgHdr.CMSG_TYPE,
        CmsgHdr.SIZE,
        CmsgHdr.SIZE + CmsgHdr.ALIGNMENT,
        SockaddrIn.SIZE,
        SockaddrIn.SIN_FAMILY,
        SockaddrIn.SIN_PORT,
        SockaddrIn.SIN_ADDR,
        SockaddrIn6.SIZE,
        SockaddrIn6.SIN6_FAMILY,
        SockaddrIn6.SIN6_PORT,
        SockaddrIn6.SIN6_FLOWINFO,
        SockaddrIn6.SIN6_ADDR,
        SockaddrIn6.SIN6_SCOPE_ID,
        GroupReq.SIZE,
        GroupReq.GR_INTERFACE,
        GroupReq.GR_GROUP,
        GroupReq.SOURCE_SIZE,
        GroupReq.GR_INTERFACE,
        GroupReq.GR_GROUP,
        GroupReq.GSR_SOURCE,
    };

    private NativeLayout() {}

    /**
     * Compares number by number.
     *
     * @param compiled the compiler's number at an index, -1 behind the last
     * @throws UnsatisfiedLinkError naming the first that differs
     */
    static void check(IntUnaryOperator compiled) {
        for (int i = 0; i <= EXPECTED.length; i++) {
            int expected = i < EXPECTED.length ? EXPECTED[i] : -1;
            int actual = compiled.applyAsInt(i);
            if (actual != expected) {
                throw new UnsatisfiedLinkError("the JNI library is not of this release or not for 64-bit Linux: size or"
                        + " offset " + i + " of its structures is " + actual + ", not " + expected);
            }
        }
    }
}
