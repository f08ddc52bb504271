// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.pool;

/**
 * A {@link TraitsChannelPoolMap} is at one of its {@linkplain TraitsPoolLimits bounds}: the message says at which one. It has
 * no stack trace, since it is thrown for load and not for a fault.
 */
public final class TraitsPoolExhaustedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TraitsPoolExhaustedException(String message, Throwable cause) {
        super(message, cause, false, false);
    }
}
