// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.udp;

import io.pkttraits.proxy.net.HostPort;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the relay has done since it started. Whatever was not as it should be is also logged, the first time that it happens for
 * one cause. Thread-safe; counting takes no lock.
 */
final class RelayTotals {
    private static final Logger LOG = LoggerFactory.getLogger(UdpRelay.class);

    private final LongAdder flows = new LongAdder();
    private final LongAdder expired = new LongAdder();
    private final Direction toUpstream = new Direction();
    private final Direction toClients = new Direction();
    private final LongAdder traitsDropped = new LongAdder();
    private final LongAdder upstreamErrors = new LongAdder();
    /** Filled once, and only read since. */
    private final Map<DropCause, LongAdder> dropped = new EnumMap<>(DropCause.class);

    /** Grows with the causes there are, not with what peers send. */
    private final Set<String> logged = ConcurrentHashMap.newKeySet();

    RelayTotals() {
        for (DropCause cause : DropCause.values()) {
            dropped.put(cause, new LongAdder());
        }
    }

    Direction toUpstream() {
        return toUpstream;
    }

    Direction toClients() {
        return toClients;
    }

    void flowOpened() {
        flows.increment();
    }

    void flowExpired() {
        expired.increment();
    }

    /**
     * Counts a datagram that was received and is not passed on.
     *
     * @param why {@code null} where the cause says it all
     */
    void dropped(DropCause cause, InetSocketAddress client, Throwable why) {
        dropped.get(cause).increment();
        if (logged.add(cause.toString())) {
            LOG.warn(
                    "dropped a datagram of the flow of {}: {}{} (further ones are only counted, as {})",
                    HostPort.of(client),
                    cause.description(),
                    why == null ? "" : ": " + why.getMessage(),
                    cause);
        }
    }

    /** Adds what the kernel counted on a socket. */
    void receiveBufferFull(long count) {
        if (count == 0) {
            return;
        }
        dropped.get(DropCause.RECEIVE_BUFFER).add(count);
        if (logged.add(DropCause.RECEIVE_BUFFER.toString())) {
            LOG.warn(
                    "the kernel dropped {} datagrams of a socket: {} (further ones are only counted, as {})",
                    count,
                    DropCause.RECEIVE_BUFFER.description(),
                    DropCause.RECEIVE_BUFFER);
        }
    }

    /** Counts a datagram that goes on without its traits. */
    void traitsDropped(InetSocketAddress client, Throwable why) {
        traitsDropped.increment();
        if (logged.add("traits-dropped")) {
            LOG.warn(
                    "passed on a datagram of the flow of {} without its traits: {} (further ones are only counted)",
                    HostPort.of(client),
                    why.getMessage());
        }
    }

    /** Counts an error that the kernel reported of a flow's socket, mostly by ICMP: datagrams already sent did not arrive. */
    void upstreamError(InetSocketAddress client, Throwable error) {
        upstreamErrors.increment();
        if (logged.add("upstream-error " + error.getMessage())) {
            LOG.warn(
                    "the upstream of the flow of {} does not get its datagrams: {} (further ones are only counted)",
                    HostPort.of(client),
                    error.getMessage());
        }
    }

    /** Notes an error of a listening socket, which belongs to no flow. */
    void listenerError(Throwable error) {
        if (logged.add("listener-error " + error.getMessage())) {
            LOG.warn("receiving from clients failed: {} (further ones are not logged)", error.getMessage());
        }
    }

    /** The one line that the program prints at its end. */
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder(512);
        line.append("totals flows=").append(flows);
        line.append(" expired=").append(expired);
        line.append(" to-upstream=").append(toUpstream);
        line.append(" to-clients=").append(toClients);
        line.append(" traits-dropped=").append(traitsDropped);
        line.append(" upstream-errors=").append(upstreamErrors);
        // An EnumMap's own form, with blanks between its entries.
        line.append(" dropped=").append(dropped.toString().replace(",", ""));
        return line.toString();
    }
}
