// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.pool;

import java.time.Duration;
import java.util.Objects;

/**
 * The bounds of a {@link TraitsChannelPoolMap}. They hold over all of its keys unless their name says otherwise. Immutable.
 *
 * <pre>{@code
 * TraitsPoolLimits limits = TraitsPoolLimits.builder()
 *         .maxConnectionsPerKey(32)
 *         .acquireTimeout(Duration.ofSeconds(2))
 *         .build();
 * }</pre>
 */
public final class TraitsPoolLimits {
    /** The longest time that may be set, one year. */
    public static final Duration MAX_TIMEOUT = Duration.ofDays(365);

    /**
     * The limits that a {@link #builder()} begins with: 1,024 connections in total, 256 of them per key, 4,096 waiting
     * acquires, an acquire timeout of 5 seconds and an idle timeout of 60 seconds.
     */
    public static final TraitsPoolLimits DEFAULT = builder().build();

    private final int maxTotalConnections;
    private final int maxConnectionsPerKey;
    private final int maxPendingAcquires;
    private final Duration acquireTimeout;
    private final Duration idleTimeout;

    private TraitsPoolLimits(Builder builder) {
        maxTotalConnections = builder.maxTotalConnections;
        maxConnectionsPerKey = builder.maxConnectionsPerKey;
        maxPendingAcquires = builder.maxPendingAcquires;
        acquireTimeout = builder.acquireTimeout;
        idleTimeout = builder.idleTimeout;
    }

    /** Returns a builder that begins with the limits of {@link #DEFAULT}. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns how many connections there may be, including idle ones, those in use and those being opened or closed. */
    public int maxTotalConnections() {
        return maxTotalConnections;
    }

    /** Returns how many of these connections one {@link UpstreamKey} may have. */
    public int maxConnectionsPerKey() {
        return maxConnectionsPerKey;
    }

    /** Returns how many acquires may wait for a connection. */
    public int maxPendingAcquires() {
        return maxPendingAcquires;
    }

    /** Returns how long an acquire waits for a connection before it fails. */
    public Duration acquireTimeout() {
        return acquireTimeout;
    }

    /** Returns how long an idle connection is kept before it is closed. */
    public Duration idleTimeout() {
        return idleTimeout;
    }

    @Override
    public String toString() {
        return "TraitsPoolLimits[maxTotalConnections=" + maxTotalConnections + ", maxConnectionsPerKey="
                + maxConnectionsPerKey + ", maxPendingAcquires=" + maxPendingAcquires + ", acquireTimeout="
                + acquireTimeout + ", idleTimeout=" + idleTimeout + "]";
    }

    /**
     * Builds {@link TraitsPoolLimits}. Not thread-safe. Each setter throws an {@link IllegalArgumentException} that names the
     * field and the value if the value is out of range.
     */
    public static final class Builder {
        private int maxTotalConnections = 1024;
        private int maxConnectionsPerKey = 256;
        private int maxPendingAcquires = 4096;
        private Duration acquireTimeout = Duration.ofSeconds(5);
        private Duration idleTimeout = Duration.ofSeconds(60);

        private Builder() {}

        /**
         * Sets how many connections there may be, including idle ones, those in use and those being opened or closed.
         *
         * @param connections at least 1; 1,024 by default
         */
        public Builder maxTotalConnections(int connections) {
            maxTotalConnections = requirePositive(connections, "maxTotalConnections");
            return this;
        }

        /**
         * Sets how many connections one {@link UpstreamKey} may have, that is one address with one trait set.
         *
         * @param connections at least 1; 256 by default
         */
        public Builder maxConnectionsPerKey(int connections) {
            maxConnectionsPerKey = requirePositive(connections, "maxConnectionsPerKey");
            return this;
        }

        /**
         * Sets how many acquires may wait for a connection. One more fails immediately.
         *
         * @param acquires at least 1; 4,096 by default
         */
        public Builder maxPendingAcquires(int acquires) {
            maxPendingAcquires = requirePositive(acquires, "maxPendingAcquires");
            return this;
        }

        /**
         * Sets how long an acquire waits for a connection before it fails.
         *
         * @param timeout above zero, at most {@link #MAX_TIMEOUT}; 5 seconds by default
         */
        public Builder acquireTimeout(Duration timeout) {
            acquireTimeout = requirePositive(timeout, "acquireTimeout");
            return this;
        }

        /**
         * Sets how long an idle connection is kept before it is closed.
         *
         * @param timeout above zero, at most {@link #MAX_TIMEOUT}; 60 seconds by default
         */
        public Builder idleTimeout(Duration timeout) {
            idleTimeout = requirePositive(timeout, "idleTimeout");
            return this;
        }

        /** Returns the limits. The builder can be used further. */
        public TraitsPoolLimits build() {
            return new TraitsPoolLimits(this);
        }

        private static int requirePositive(int value, String name) {
            if (value < 1) {
                throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
            }
            return value;
        }

        private static Duration requirePositive(Duration value, String name) {
            Objects.requireNonNull(value, name);
            if (value.isNegative() || value.isZero() || value.compareTo(MAX_TIMEOUT) > 0) {
                throw new IllegalArgumentException(name + ": " + value + " (expected: > 0, <= " + MAX_TIMEOUT + ")");
            }
            return value;
        }
    }
}
