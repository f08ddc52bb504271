// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.pool;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * The one timer of a queue whose entries all live equally long: set for the oldest, and for the then oldest when it runs.
 * Guarded by the lock of whoever has it.
 */
final class ExpiryTimer {
    private final EventExecutor executor;
    private final long lifeNanos;
    private final Runnable onTimeout;
    private ScheduledFuture<?> task;
    private boolean ended;

    /** @param onTimeout takes the lock, and calls {@link #arm(long)} */
    ExpiryTimer(EventExecutor executor, long lifeNanos, Runnable onTimeout) {
        this.executor = executor;
        this.lifeNanos = lifeNanos;
        this.onTimeout = onTimeout;
    }

    /** To be called when an entry was added. */
    void added() {
        if (task == null) {
            arm(lifeNanos);
        }
    }

    /** Sets it anew, in {@code nanos}; not at all if that is negative, which says that the queue is empty. */
    void arm(long nanos) {
        task = nanos < 0 || ended ? null : executor.schedule(onTimeout, nanos, TimeUnit.NANOSECONDS);
    }

    void end() {
        ended = true;
        if (task != null) {
            task.cancel(false);
        }
    }
}
