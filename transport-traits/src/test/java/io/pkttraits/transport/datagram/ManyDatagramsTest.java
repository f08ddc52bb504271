// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.transport.ChildJvm;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A million datagrams with changing traits: each is checked, none is lost, no buffer leaks. In a JVM of its own. */
@Tag("netty-4.2")
@Tag("slow")
final class ManyDatagramsTest {
    private static String run(DatagramTransport transport, DatagramFamily family, int count, int unreleased) {
        return new ChildJvm()
                .property("io.netty.leakDetection.level", "PARANOID")
                .run(
                        ManyDatagramsMain.class,
                        transport.name(),
                        family.name(),
                        String.valueOf(count),
                        String.valueOf(unreleased));
    }

    private static void assertSays(String output, String... lines) {
        for (String line : lines) {
            assertTrue(output.lines().anyMatch(line::equals), () -> "expected " + line + " in:\n" + output);
        }
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.OURS)
    void millionDatagramsOverAllFamiliesArriveWithTheirTraitsAndLeakNothing(
            DatagramTransport transport, DatagramFamily family) {
        int count = family == DatagramFamily.DUAL_STACK ? 200_000 : 400_000;
        String output = run(transport, family, count, 0);
        assertSays(output, "level=PARANOID", "received=" + count, "counted=true", "leaks=0");
    }

    /** What the test above would say if a buffer leaked. */
    @ParameterizedTest
    @MethodSource(DatagramTransport.OURS)
    void leakIsFound(DatagramTransport transport, DatagramFamily family) {
        assertSays(run(transport, family, 1000, 1), "received=1000", "leaks=1");
    }
}
