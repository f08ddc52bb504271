// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.sys;

import io.netty.channel.unix.Errors;

/**
 * Finds the error number in what Netty throws for a failed {@code setsockopt} or {@code getsockopt}.
 *
 * <p>Netty's exception has only the text of strerror(3), in the language of the process's locale. {@link
 * Errors#newIOException} makes the same texts from numbers, so comparing the two needs no English.
 */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int EIO = 5;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EFAULT = 14;
    public static final int EBUSY = 16;
    public static final int EINVAL = 22;
    public static final int ENOSPC = 28;
    public static final int EMSGSIZE = 90;
    public static final int ENOPROTOOPT = 92;
    public static final int EOPNOTSUPP = 95;
    public static final int ENOBUFS = 105;
    static final int EISCONN = 106;
    public static final int ECANCELED = 125;

    private static final int[] NUMBERS = {
        EINVAL, EIO, EPERM, ENOSPC, ENOPROTOOPT, EOPNOTSUPP, EBUSY, ENOENT, EACCES, ENOMEM, EFAULT, ENOBUFS, EISCONN
    };
    private static final String[] TEXTS = texts();

    private Errno() {}

    /** The errno, positive, or 0 if the exception is about something else. */
    public static int of(Throwable failure) {
        String message = failure.getMessage();
        if (message == null) {
            return 0;
        }
        for (int i = 0; i < NUMBERS.length; i++) {
            if (message.endsWith(TEXTS[i])) {
                return NUMBERS[i];
            }
        }
        return 0;
    }

    private static String[] texts() {
        String[] texts = new String[NUMBERS.length];
        for (int i = 0; i < NUMBERS.length; i++) {
            String prefixed = Errors.newIOException("", -NUMBERS[i]).getMessage();
            texts[i] = prefixed.substring(prefixed.indexOf("): ") + 1);
        }
        return texts;
    }
}
