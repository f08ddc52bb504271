// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.PacketTraits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many connections for a while, on each carrier that there is, with a proxy and an upstream for each, as processes. {@code ./run soak} has it take
 * longer.
 */
@Tag("slow")
class SoakTest {
    private static final int CONNECTIONS = 200;
    private static final int SECONDS = Integer.getInteger("io.pkttraits.soak.seconds", 30);
    private static final int WARM_UP_SECONDS = 5;

    private static Set<CarrierType> carriers() {
        Set<CarrierType> carriers = new LinkedHashSet<>();
        carriers.add(PacketTraits.carrier());
        carriers.add(CarrierType.IP_OPTION);
        return carriers;
    }

    @Test
    void noRequestIsLostAndNothingIsLeft(@TempDir Path dir) throws Exception {
        List<SoakLine> lines = new ArrayList<>();
        try (ChangingRegistry registry = new ChangingRegistry(dir.resolve("traits.toml"))) {
            for (CarrierType carrier : carriers()) {
                lines.add(new SoakLine(carrier, registry.config()));
            }
            registry.begin();
            int connections = CONNECTIONS / lines.size();
            for (SoakLine line : lines) {
                line.begin(connections, WARM_UP_SECONDS);
            }
            for (SoakLine line : lines) {
                line.end();
                line.settle();
                line.rememberBase();
            }
            for (SoakLine line : lines) {
                line.begin(connections, SECONDS);
            }
            for (SoakLine line : lines) {
                long requests = line.end();
                assertTrue(requests > 0, "nobody asked");
                line.settle();
                assertEquals(line.requests(), line.answered(), line.carrier() + ": what was asked and answered");
                line.assertAtBase();
                assertFalse(line.proxyLog().contains("LEAK"), line::proxyLog);
                System.out.println("soak: carrier " + line.carrier() + ", " + connections + " connections, " + requests
                        + " requests in " + SECONDS + " s: " + line.state());
            }
        } finally {
            for (SoakLine line : lines) {
                line.close();
            }
        }
    }
}
