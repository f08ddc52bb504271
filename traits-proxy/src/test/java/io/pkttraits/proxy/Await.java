// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Waits for what another thread, or the kernel, does soon. */
public final class Await {
    private static final int PATIENCE_SECONDS = 20;

    /** Looked at again and again. */
    public interface Condition {
        boolean holds() throws Exception;
    }

    private Await() {}

    /** Fails if it does not hold in 20 s. */
    public static void until(Condition condition) throws Exception {
        until(condition, () -> "did not become true in " + PATIENCE_SECONDS + " s");
    }

    /** Fails, saying {@code otherwise}, if it does not hold in 20 s. */
    public static void until(Condition condition, Supplier<String> otherwise) throws Exception {
        long start = System.nanoTime();
        while (!condition.holds()) {
            assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS), otherwise);
            Thread.sleep(1);
        }
    }
}
