// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RequestRateTest {
    @Test
    void rateIsThatOfTheTimeSinceItWasAskedBefore() {
        RequestRate rate = new RequestRate();
        long start = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        rate.perSecond(start);
        for (int i = 0; i < 30; i++) {
            rate.increment();
        }
        assertEquals(10, rate.perSecond(start + TimeUnit.SECONDS.toNanos(3)));
        assertEquals(10, rate.perSecond(start + TimeUnit.SECONDS.toNanos(3) + 1));
        assertEquals(0, rate.perSecond(start + TimeUnit.SECONDS.toNanos(5)));
        assertEquals(30, rate.requests());
    }
}
