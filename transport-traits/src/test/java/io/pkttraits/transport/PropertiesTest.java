// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A misspelt system property is heard of; each case in a JVM of its own, because properties are read once. */
final class PropertiesTest {
    private static List<String> warnings(String output) {
        return output.lines().filter(line -> line.startsWith("WARNING: ")).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "io.pkttraits.carier, bpf, 'io.pkttraits.carrier, io.pkttraits.trust, io.pkttraits.TCP_SAVE_SYN_TRAITS'",
        "io.pkttraits.Trust, 10.0.0.0/8, io.pkttraits.trust",
        "io.pkttraits.runtimeDir, /run, io.pkttraits.runtimeDirectory",
        "io.pkttraits.carrier.type, bpf, io.pkttraits.carrier",
        "io.pkttraits.carrier, bfp, 'none of auto, kernel, bpf, ip-option, none'",
        "io.pkttraits.trust, 10.0.0.0/40, 'the prefix must be 0..32'",
        "io.pkttraits.TCP_SYN_TRAITS, x45, is not an option number",
    })
    void misspeltPropertyIsCountedAndLoggedOnceWithTheKnownOnes(String name, String value, String known) {
        String output = new ChildJvm().property(name, value).run(PropertiesMain.class);
        List<String> warnings = warnings(output);
        assertEquals(1, warnings.size(), output);
        assertTrue(warnings.get(0).contains("-D" + name + "=" + value), output);
        assertTrue(warnings.get(0).contains(known), output);
        assertTrue(output.contains("invalid=1\n"), output);
    }

    @Test
    void knownPropertiesAndThoseOfTestsAndProgramsAreAccepted() {
        String output = new ChildJvm()
                .property("io.pkttraits.carrier", "ip-option")
                .property("io.pkttraits.trust", "10.0.0.0/8")
                .property("io.pkttraits.TCP_SAVE_SYN_TRAITS", "0x5401")
                .property("io.pkttraits.TCP_SYN_TRAITS", "0x5402")
                .property("io.pkttraits.SO_RCV_PKT_TRAITS", "82")
                .property("io.pkttraits.SCM_PKT_TRAITS", "83")
                .property("io.pkttraits.runtimeDirectory", "/run/pkttraits")
                .property("io.pkttraits.test.any", "1")
                .property("io.pkttraits.soak.any", "1")
                .property("io.pkttraits.bench.any", "1")
                .property("io.pkttraits.demo.any", "1")
                .run(PropertiesMain.class);
        assertEquals(List.of(), warnings(output), output);
        assertTrue(output.contains("invalid=0\n"), output);
    }

    @Test
    void carrierIsLoggedOnceAtInfoWhenItIsFound() {
        String output =
                new ChildJvm().property("io.pkttraits.carrier", "ip-option").run(PropertiesMain.class);
        assertEquals(
                List.of("INFO: Packet traits of TCP connections: carrier ip-option"),
                output.lines().filter(line -> line.startsWith("INFO: ")).toList(),
                output);
    }

    @Test
    void absenceOfACarrierIsLoggedWithItsReason() {
        String output = new ChildJvm().property("io.pkttraits.carrier", "none").run(PropertiesMain.class);
        assertTrue(
                output.contains("INFO: Packet traits of TCP connections: carrier none"
                        + " (switched off by -Dio.pkttraits.carrier=none)"),
                output);
    }
}
