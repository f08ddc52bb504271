// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.example.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.PacketTraits;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
@Tag("slow")
class DemoTest {
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring"})
    void endsWithOkWhereTraitsArriveAsTheyWereSent(String transport) throws Exception {
        PacketTraits.ensureAvailability();
        int traits = PacketTraits.carrier() == CarrierType.IP_OPTION ? 8 : 70;
        assertEquals(
                "demo: OK carrier=" + PacketTraits.carrier() + " transport=" + transport + " traits=" + traits,
                lastLine(0, "--transport", transport));
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "io_uring"})
    void showsTwoQuicConnectionsOfOneSocketApart(String transport) throws Exception {
        assertEquals(
                "demo: OK carrier=" + PacketTraits.carrier() + " transport=" + transport + " traits=15",
                lastLine(0, "quic", "--transport", transport));
    }

    @Test
    void endsWithFailedAndWhyWhereNothingCarriesTraits() throws Exception {
        String last = lastLine(1, "--carrier", "none");
        assertTrue(last.startsWith("demo: FAILED ") && last.contains("none"), last);
    }

    /** Runs the demo as a process of its own, with the class path and the carrier of the tests. */
    private static String lastLine(int exitCode, String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-XX:TieredStopAtLevel=1"));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--"))
                .forEach(command::add);
        for (String property : List.of("io.pkttraits.carrier", "io.pkttraits.trust", "io.netty.leakDetection.level")) {
            if (System.getProperty(property) != null) {
                command.add("-D" + property + "=" + System.getProperty(property));
            }
        }
        // The tests' own logging is quiet; the demo reads what the proxy logs.
        command.add("-Dlogback.configurationFile=logback.xml");
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        command.addAll(List.of("-cp", classPath, Demo.class.getName()));
        command.addAll(List.of(arguments));
        Process demo = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            List<String> lines =
                    demo.inputReader(StandardCharsets.UTF_8).lines().toList();
            assertEquals(exitCode, demo.waitFor(), () -> String.join("\n", lines));
            return lines.get(lines.size() - 1);
        } finally {
            demo.destroyForcibly();
        }
    }
}
