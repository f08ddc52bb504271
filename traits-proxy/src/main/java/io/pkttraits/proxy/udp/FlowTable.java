// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.udp;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The flows of one listening socket by client address. Closes those that were idle for long enough. For one event loop. */
final class FlowTable {
    /** The longest unused one first. */
    private final Map<InetSocketAddress, Flow> flows = new LinkedHashMap<>(16, 0.75f, true);

    private final EventLoop loop;
    private final RelayTotals totals;
    private final long idleNanos;
    private boolean watching;

    FlowTable(EventLoop loop, Duration idleTimeout, RelayTotals totals) {
        this.loop = loop;
        this.totals = totals;
        idleNanos = idleTimeout.toNanos();
    }

    /** The client's flow, or {@code null}. */
    Flow get(InetSocketAddress client) {
        return flows.get(client);
    }

    void add(Flow flow) {
        flow.use(System.nanoTime());
        flows.put(flow.client(), flow);
        if (!watching) {
            watching = true;
            watchFor(idleNanos);
        }
    }

    /** Notes that a flow has just been used. */
    void use(Flow flow) {
        // Looking it up puts it behind all others.
        if (flows.get(flow.client()) == flow) {
            flow.use(System.nanoTime());
        }
    }

    void remove(Flow flow) {
        flows.remove(flow.client(), flow);
    }

    void closeAll() {
        for (Flow flow : new ArrayList<>(flows.values())) {
            flow.close();
        }
    }

    private void watchFor(long nanos) {
        loop.schedule(this::expire, nanos, TimeUnit.NANOSECONDS);
    }

    private void expire() {
        long now = System.nanoTime();
        while (!flows.isEmpty()) {
            Flow eldest = flows.values().iterator().next();
            long left = idleNanos - (now - eldest.lastUsedNanos());
            if (left > 0) {
                watchFor(left);
                return;
            }
            remove(eldest);
            eldest.whenClosed(totals::flowExpired);
            eldest.close();
        }
        watching = false;
    }
}
