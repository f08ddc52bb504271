// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.quic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pkttraits.transport.ChildJvm;
import java.util.List;
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
        List<String> said =
                output.lines().filter(line -> line.matches("[a-z]+=.*")).toList(); // a JVM may warn
        assertEquals(List.of("quic=absent", "tcp=true", "other={}{}", "datagram=true"), said);
    }
}
