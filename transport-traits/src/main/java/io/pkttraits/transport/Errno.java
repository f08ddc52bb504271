// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.channel.unix.Errors;

/**
 * Finds the error number in what Netty throws for a failed {@code setsockopt} or {@code getsockopt}.
 *
 * <p>Netty's exception has only the text of strerror(3), in the language of the process's locale. {@link
 * Errors#newIOException} makes the same texts from numbers, so comparing the two needs no English.
 */
final class Errno {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EIO = 5;
    static final int ENOMEM = 12;
    static final int EACCES = 13;
    static final int EFAULT = 14;
    static final int EBUSY = 16;
    static final int EINVAL = 22;
    static final int ENOSPC = 28;
    static final int EMSGSIZE = 90;
    static final int ENOPROTOOPT = 92;
    static final int EOPNOTSUPP = 95;
    static final int ENOBUFS = 105;
    static final int EISCONN = 106;
    static final int ECANCELED = 125;

    private static final int[] NUMBERS = {
        EINVAL, EIO, EPERM, ENOSPC, ENOPROTOOPT, EOPNOTSUPP, EBUSY, ENOENT, EACCES, ENOMEM, EFAULT, ENOBUFS, EISCONN
    };
    private static final String[] TEXTS = texts();

    private Errno() {}

    /** The errno, positive, or 0 if the exception is about something else. */
    static int of(Throwable failure) {
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
