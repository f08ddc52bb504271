// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.log;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Counts requests, from any thread, and tells one thread how many a second there were lately. */
public final class RequestRate {
    /** What is asked for more often gets the same answer. */
    private static final long SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final LongAdder requests = new LongAdder();
    private long sampledNanos = System.nanoTime();
    private long sampled;
    private double rate;

    void increment() {
        requests.increment();
    }

    public long requests() {
        return requests.sum();
    }

    /** Requests a second since it was asked before, or since this was made. */
    public double perSecond() {
        return perSecond(System.nanoTime());
    }

    double perSecond(long nowNanos) {
        long elapsed = nowNanos - sampledNanos;
        if (elapsed >= SHORTEST_NANOS) {
            long now = requests();
            rate = (now - sampled) * (double) TimeUnit.SECONDS.toNanos(1) / elapsed;
            sampled = now;
            sampledNanos = nowNanos;
        }
        return rate;
    }
}
