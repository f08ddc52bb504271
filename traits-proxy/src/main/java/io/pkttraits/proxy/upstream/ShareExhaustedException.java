// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.upstream;

/** As many requests of a client wait as may. Without a stack trace, since it is thrown for load and not for a fault. */
final class ShareExhaustedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ShareExhaustedException(String message) {
        super(message, null, false, false);
    }
}
