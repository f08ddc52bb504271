// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.proxy.demo.Demo;
import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.PacketTraits;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class DemoTest {
    @ParameterizedTest
    @EnumSource
    void endsWithOkWhereTraitsArriveAsTheyWereSent(IoTransport transport) throws Exception {
        PacketTraits.ensureAvailability();
        int traits = PacketTraits.carrier() == CarrierType.IP_OPTION ? 8 : 70;
        try (JavaProgram demo = new JavaProgram(Demo.class, "--transport", transport.toString())) {
            List<String> lines = linesOf(demo);
            assertEquals(0, demo.awaitExit(), () -> String.join("\n", lines));
            assertEquals(
                    "demo: OK carrier=" + PacketTraits.carrier() + " transport=" + transport + " traits=" + traits,
                    lines.get(lines.size() - 1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void showsTwoQuicConnectionsOfOneSocketApart(IoTransport transport) throws Exception {
        try (JavaProgram demo = new JavaProgram(Demo.class, "quic", "--transport", transport.toString())) {
            List<String> lines = linesOf(demo);
            assertEquals(0, demo.awaitExit(), () -> String.join("\n", lines));
            assertEquals(
                    "demo: OK carrier=" + PacketTraits.carrier() + " transport=" + transport + " traits=15",
                    lines.get(lines.size() - 1));
        }
    }

    @Test
    void endsWithFailedAndWhyWhereNothingCarriesTraits() throws Exception {
        try (JavaProgram demo = new JavaProgram(Demo.class, "--carrier", "none")) {
            List<String> lines = linesOf(demo);
            assertEquals(1, demo.awaitExit());
            String last = lines.get(lines.size() - 1);
            assertTrue(last.startsWith("demo: FAILED ") && last.contains("none"), last);
        }
    }

    private static List<String> linesOf(JavaProgram program) throws Exception {
        List<String> lines = new ArrayList<>();
        for (String line = program.readLine(); line != null; line = program.readLine()) {
            lines.add(line);
        }
        return lines;
    }
}
