// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.pool;

import java.time.Duration;
import java.util.Objects;

/**
 * The bounds of a {@link TraitsChannelPoolMap}, over all of its keys unless it says otherwise.
 *
 * @param maxTotalConnections connections, idle, in use and being closed together; at least 1
 * @param maxConnections connections of one {@link UpstreamKey}; at least 1
 * @param maxPendingAcquires acquires that may wait for a connection; at least 1
 * @param acquireTimeout how long such an acquire waits before it fails; positive, at most {@link #MAX_TIMEOUT}
 * @param idleTimeout how long a connection may lie unused before it is closed; positive, at most {@link #MAX_TIMEOUT}
 */
public record TraitsPoolLimits(
        int maxTotalConnections,
        int maxConnections,
        int maxPendingAcquires,
        Duration acquireTimeout,
        Duration idleTimeout) {
    /** The longest time that may be set, a year: as good as never, and well within what Netty's timers can count. */
    public static final Duration MAX_TIMEOUT = Duration.ofDays(365);

    public TraitsPoolLimits {
        requirePositive(maxTotalConnections, "maxTotalConnections");
        requirePositive(maxConnections, "maxConnections");
        requirePositive(maxPendingAcquires, "maxPendingAcquires");
        requirePositive(acquireTimeout, "acquireTimeout");
        requirePositive(idleTimeout, "idleTimeout");
    }

    private static void requirePositive(int value, String name) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
        }
    }

    private static void requirePositive(Duration value, String name) {
        Objects.requireNonNull(value, name);
        if (value.isNegative() || value.isZero() || value.compareTo(MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0, <= " + MAX_TIMEOUT + ")");
        }
    }
}
