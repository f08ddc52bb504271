// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pkttraits.Traits;
import io.pkttraits.transport.Allocations;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A policy that leaves a set as it is allocates nothing for it. */
class PolicyAllocationTest {
    private static final Traits IN =
            Traits.builder().putInt(4, 12345).putFlag(9).build();

    private long sum;

    @Test
    void unchangedSetsCostNothing() {
        TraitsPolicy policy = TraitsPolicy.builder()
                .accept(List.of("10.0.0.0/8", "2001:db8::/32"), 1L << 4 | 1L << 9)
                .rename(7, 8)
                .forwardAll()
                .set(Traits.EMPTY.withInt(4, 1))
                .build();
        ConnectionFacts facts = ConnectionFacts.of(new InetSocketAddress("2001:db8::1", 1), null);
        BoundTraitsPolicy bound = policy.bind(facts);
        assertEquals(0, Allocations.bytesPerCall(() -> {
            sum += bound.forward(bound.accept(IN)).keys();
            sum += policy.ofConnection(policy.forward(facts, IN)).keys();
        }));
    }
}
