// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.net;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Notices that a peer keeps the proxy waiting. Noting progress is cheap: the one scheduled task looks at the time of the latest
 * progress when it runs, and is scheduled again for the rest.
 *
 * <p>Confined to its executor's thread.
 */
public final class ProgressTimer implements Runnable {
    private final EventExecutor executor;
    private final long timeoutNanos;
    private final BooleanSupplier waiting;
    private final Runnable onTimeout;
    private long latest;
    private Future<?> task;

    /**
     * Makes a timer that does not run yet.
     *
     * @param waiting whether it is this peer that the proxy waits for; while it is not, time does not count
     * @param onTimeout called once; the timer has stopped then
     */
    public ProgressTimer(EventExecutor executor, Duration timeout, BooleanSupplier waiting, Runnable onTimeout) {
        this.executor = executor;
        this.timeoutNanos = timeout.toNanos();
        this.waiting = waiting;
        this.onTimeout = onTimeout;
    }

    public void start() {
        stop();
        progress();
        schedule(timeoutNanos);
    }

    public void progress() {
        latest = System.nanoTime();
    }

    public void stop() {
        if (task != null) {
            task.cancel(false);
            task = null;
        }
    }

    @Override
    public void run() {
        if (!waiting.getAsBoolean()) {
            progress();
        }
        long left = timeoutNanos - (System.nanoTime() - latest);
        if (left > 0) {
            schedule(left);
        } else {
            task = null;
            onTimeout.run();
        }
    }

    private void schedule(long nanos) {
        task = executor.schedule(this, nanos, TimeUnit.NANOSECONDS);
    }
}
