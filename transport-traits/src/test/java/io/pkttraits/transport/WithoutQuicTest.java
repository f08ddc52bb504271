// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Netty's QUIC codec is an optional dependency. */
@Tag("netty-4.2")
final class WithoutQuicTest {
    @Test
    void everythingElseLoadsAndWorks() {
        String output = new ChildJvm()
                .withoutClassPathEntries(entry -> entry.matches(".*netty-codec-[a-z]+-quic.*"))
                .run(WithoutQuicMain.class);
        assertEquals("quic=absent\ntcp=true\nother={}{}\ndatagram=true\n", output);
    }
}
