// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import java.io.IOException;

/**
 * Traits that could not be sent: the failure of a connect future.
 *
 * <p>The message names the key, where one key is to blame, the errno, where the kernel refused, and the carrier.
 */
public final class TraitsException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What {@link #key()} answers when the set as a whole is to blame. */
    public static final int NO_KEY = -1;

    private final CarrierType carrier;
    private final int key;
    private final int errno;
    private final boolean partlySet;

    private TraitsException(
            String message, CarrierType carrier, int key, int errno, boolean partlySet, Throwable cause) {
        super(message + " (carrier " + carrier + ")", cause);
        this.carrier = carrier;
        this.key = key;
        this.errno = errno;
        this.partlySet = partlySet;
    }

    /** This process refused, before the kernel was asked: nothing was set. */
    public static TraitsException refused(CarrierType carrier, int key, String why) {
        return new TraitsException(why, carrier, key, 0, false, null);
    }

    /** The kernel refused the whole set: nothing was set. */
    public static TraitsException failed(CarrierType carrier, int errno, String why, Throwable cause) {
        return new TraitsException(why, carrier, NO_KEY, errno, false, cause);
    }

    /** The kernel refused one key, others of the set may be on the socket. */
    public static TraitsException failedKey(CarrierType carrier, int key, int errno, String why, Throwable cause) {
        return new TraitsException(why, carrier, key, errno, true, cause);
    }

    /** No stack trace: who chooses the traits must not be able to make a refusal expensive. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }

    /** The carrier that could not send. */
    public CarrierType carrier() {
        return carrier;
    }

    /** The key to blame, 0..63, or {@link #NO_KEY}. */
    public int key() {
        return key;
    }

    /** The kernel's error number (errno(3)), positive; 0 if the kernel was not asked or its error is not known. */
    public int errno() {
        return errno;
    }

    /** Whether a part of the set may have reached the socket, so that it must not be connected any more. */
    public boolean isPartlySet() {
        return partlySet;
    }
}
