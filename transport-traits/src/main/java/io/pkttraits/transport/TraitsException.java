// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import java.io.IOException;

/**
 * Traits that could not be sent: the failure of a connect or write future.
 *
 * <p>The message names the trait key if one key is to blame, the errno if the kernel refused, and the carrier. The factories
 * are public for tests: code that handles such a failure can be tested without a kernel that refuses. The exception has no
 * stack trace.
 */
public final class TraitsException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What {@link #key()} returns if the trait set as a whole is to blame. */
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

    /**
     * An exception for traits that this process refused before it asked the kernel. Nothing was set: {@link #errno()} is 0 and
     * {@link #isPartlySet()} is false.
     *
     * @param carrier the carrier that cannot send the traits
     * @param key the trait key to blame, 0 to 63, or {@link #NO_KEY}
     * @param message what was refused, and why; the carrier's name is appended
     */
    public static TraitsException refused(CarrierType carrier, int key, String message) {
        return new TraitsException(message, carrier, key, 0, false, null);
    }

    /**
     * An exception for a trait set that the kernel refused as a whole. Nothing was set: {@link #key()} is {@link #NO_KEY} and
     * {@link #isPartlySet()} is false.
     *
     * @param carrier the carrier that asked the kernel
     * @param errno the kernel's error number (errno(3)), positive, or 0 if it is not known
     * @param message what was refused, and why; the carrier's name is appended
     * @param cause the failure of the system call, or {@code null}
     */
    public static TraitsException failed(CarrierType carrier, int errno, String message, Throwable cause) {
        return new TraitsException(message, carrier, NO_KEY, errno, false, cause);
    }

    /**
     * An exception for one trait that the kernel refused, while others of the set may have reached the socket: {@link
     * #isPartlySet()} is true.
     *
     * @param carrier the carrier that asked the kernel
     * @param key the trait key to blame, 0 to 63, or {@link #NO_KEY} if it is not known
     * @param errno the kernel's error number for that key (errno(3)), positive, or 0 if it is not known
     * @param message what was refused, and why; the carrier's name is appended
     * @param cause the failure of the system call, or {@code null}
     */
    public static TraitsException failedKey(CarrierType carrier, int key, int errno, String message, Throwable cause) {
        return new TraitsException(message, carrier, key, errno, true, cause);
    }

    /** Fills in nothing: a peer that chooses the traits must not be able to make a refusal expensive. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }

    /** Returns the carrier that could not send. */
    public CarrierType carrier() {
        return carrier;
    }

    /** Returns the trait key to blame, 0 to 63, or {@link #NO_KEY}. */
    public int key() {
        return key;
    }

    /** Returns the kernel's error number (errno(3)), positive; 0 if the kernel was not asked or its error is not known. */
    public int errno() {
        return errno;
    }

    /** Returns whether a part of the trait set may have reached the socket. Such a socket must not be connected any more. */
    public boolean isPartlySet() {
        return partlySet;
    }
}
