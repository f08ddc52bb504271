// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing is silent: whoever gets no traits by mistake finds a counter and one line in the log that says what to do. */
final class MisuseTest {
    static Stream<Arguments> misuses() {
        return Arrays.stream(Misuse.values())
                .flatMap(misuse -> TestTransport.all().stream()
                        .filter(misuse::isPossibleOn)
                        .map(transport -> Arguments.of(misuse, transport)));
    }

    @ParameterizedTest
    @MethodSource("misuses")
    void misuseIsCountedEachTimeAndLoggedOnceWithItsRemedy(Misuse misuse, TestTransport transport) {
        String output = new ChildJvm()
                .property("io.pkttraits.carrier", misuse.carrier)
                .run(MisuseMain.class, misuse.name(), transport.toString());
        List<String> lines = output.lines().toList();
        assertTrue(lines.containsAll(List.of("counted 1", "counted 2")), output);
        List<String> warnings =
                lines.stream().filter(line -> line.startsWith("WARNING: ")).toList();
        assertEquals(1, warnings.size(), output);
        String warning = warnings.get(0);
        assertTrue(warning.contains("first " + misuse.counter + " at "), warning);
        misuse.remedy.forEach(words -> assertTrue(warning.contains(words), warning));
        // And no other counter took part, so that the cause is not in doubt: one client of these connects without
        // traits.
        boolean servesAClient = misuse == Misuse.HANDLER_ON_AN_ACCEPTED_CHANNEL;
        assertEquals(
                List.of("counter " + misuse.counter),
                lines.stream()
                        .filter(line ->
                                line.startsWith("counter ") && !(servesAClient && line.equals("counter SYN_ABSENT")))
                        .toList(),
                output);
    }
}
