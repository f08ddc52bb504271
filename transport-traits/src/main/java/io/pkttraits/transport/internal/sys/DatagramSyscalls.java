// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.sys;

import io.netty.util.internal.NativeLibraryLoader;
import io.netty.util.internal.PlatformDependent;

/**
 * Calls recvmmsg(2) and sendmmsg(2) through the JNI library of this jar (datagram_syscalls.c).
 *
 * <p>Both return the number of messages or {@code -errno}. They repeat after {@code EINTR} and never block, not even on a
 * blocking socket. Thread-safe. The caller keeps the memory behind {@code msgvec} alive during the call.
 */
public final class DatagramSyscalls {
    public static final int MSG_DONTWAIT = 0x40;

    private static final String UNAVAILABILITY = load();

    private DatagramSyscalls() {}

    /** Returns why the library cannot be used, or {@code null}. */
    public static String unavailability() {
        return UNAVAILABILITY;
    }

    /**
     * Receives at most {@code vlen} messages.
     *
     * @param msgvec address of {@code vlen} {@link MmsgHdr}s
     */
    public static int recvmmsg(int fd, long msgvec, int vlen) {
        return recvmmsg0(fd, msgvec, vlen, MSG_DONTWAIT);
    }

    /**
     * Sends at most {@code vlen} messages.
     *
     * @param msgvec address of {@code vlen} {@link MmsgHdr}s
     */
    public static int sendmmsg(int fd, long msgvec, int vlen) {
        return sendmmsg0(fd, msgvec, vlen, MSG_DONTWAIT);
    }

    private static String load() {
        String library = "pkttraits_datagram_" + PlatformDependent.normalizedArch();
        try {
            NativeLibraryLoader.load(NativeLibraryName.of(library), DatagramSyscalls.class.getClassLoader());
            NativeLayout.check(DatagramSyscalls::layout0);
            return null;
        } catch (LinkageError e) {
            return "the JNI library " + library + " of transport-traits cannot be used: " + e.getMessage()
                    + ". The jar has the library for the architecture that it was built on: build the jar on this one."
                    + " If the jar is shaded, rename META-INF/native/libpkttraits_* as you rename libnetty_*: with the"
                    + " prefix of the package, a_b_ for a.b, before pkttraits";
        }
    }

    private static native int layout0(int index);

    private static native int recvmmsg0(int fd, long msgvec, int vlen, int flags);

    private static native int sendmmsg0(int fd, long msgvec, int vlen, int flags);
}
