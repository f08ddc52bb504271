// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What the builder of limits accepts, and what it begins with. */
final class TraitsPoolLimitsTest {
    @Test
    void builderBeginsWithTheDocumentedDefaults() {
        String expected =
                "TraitsPoolLimits[maxTotalConnections=1024, maxConnectionsPerKey=256, maxPendingAcquires=4096,"
                        + " acquireTimeout=PT5S, idleTimeout=PT1M]";
        assertEquals(expected, TraitsPoolLimits.DEFAULT.toString());
        assertEquals(expected, TraitsPoolLimits.builder().build().toString());
    }

    @Test
    void eachLimitIsTheOneThatWasSet() {
        TraitsPoolLimits limits = TraitsPoolLimits.builder()
                .maxTotalConnections(1)
                .maxConnectionsPerKey(2)
                .maxPendingAcquires(3)
                .acquireTimeout(Duration.ofNanos(4))
                .idleTimeout(TraitsPoolLimits.MAX_TIMEOUT)
                .build();
        assertEquals(1, limits.maxTotalConnections());
        assertEquals(2, limits.maxConnectionsPerKey());
        assertEquals(3, limits.maxPendingAcquires());
        assertEquals(Duration.ofNanos(4), limits.acquireTimeout());
        assertEquals(TraitsPoolLimits.MAX_TIMEOUT, limits.idleTimeout());
    }

    @Test
    void limitsThatWereBuiltDoNotChangeWithTheirBuilder() {
        TraitsPoolLimits.Builder builder = TraitsPoolLimits.builder().maxPendingAcquires(1);
        TraitsPoolLimits first = builder.build();
        builder.maxPendingAcquires(2);
        assertEquals(1, first.maxPendingAcquires());
        assertEquals(2, builder.build().maxPendingAcquires());
    }

    @Test
    void errorNamesFieldAndValue() {
        TraitsPoolLimits.Builder builder = TraitsPoolLimits.builder();
        Duration negative = Duration.ofSeconds(-1);
        Duration longer = TraitsPoolLimits.MAX_TIMEOUT.plusNanos(1);
        Map<String, Executable> wrong = Map.of(
                "maxTotalConnections: 0 ",
                () -> builder.maxTotalConnections(0),
                "maxConnectionsPerKey: -2 ",
                () -> builder.maxConnectionsPerKey(-2),
                "maxPendingAcquires: 0 ",
                () -> builder.maxPendingAcquires(0),
                "acquireTimeout: PT0S ",
                () -> builder.acquireTimeout(Duration.ZERO),
                "acquireTimeout: " + longer,
                () -> builder.acquireTimeout(longer),
                "idleTimeout: PT-1S ",
                () -> builder.idleTimeout(negative),
                "idleTimeout: " + longer,
                () -> builder.idleTimeout(longer));
        wrong.forEach((message, setter) -> {
            String said = assertThrows(IllegalArgumentException.class, setter).getMessage();
            assertEquals(message, said.substring(0, message.length()));
        });
    }
}
