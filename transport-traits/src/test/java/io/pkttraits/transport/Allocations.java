// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What a call allocates, as the JVM counts it. */
public final class Allocations {
    private static final int CALLS = 1000;
    private static final int ROUNDS = 10;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocations() {}

    /** The least of some rounds: the first ones pay for classes and call sites. */
    public static long bytesPerCall(Runnable call) {
        long least = Long.MAX_VALUE;
        long thread = Thread.currentThread().getId();
        for (int round = 0; round < ROUNDS; round++) {
            long before = THREADS.getThreadAllocatedBytes(thread);
            for (int i = 0; i < CALLS; i++) {
                call.run();
            }
            least = Math.min(least, (THREADS.getThreadAllocatedBytes(thread) - before) / CALLS);
        }
        return least;
    }
}
