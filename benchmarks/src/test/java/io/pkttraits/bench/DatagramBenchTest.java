// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.Traits;
import io.pkttraits.bench.DatagramBench.Plan;
import io.pkttraits.bench.DatagramVariant.Measured;
import io.pkttraits.bench.DatagramVariant.Numbering;
import io.pkttraits.bench.DatagramVariant.Reading;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** That the benchmark's parts fit together and notice what is wrong; no time is looked at. */
class DatagramBenchTest {
    private static final int COUNT = 128;
    private static final int PAYLOAD = 64;

    @Test
    void oneTinyRoundVerifiesEveryVariantAndPrintsEveryBar() throws IOException {
        var plan = new Plan(
                1, 0, 1, COUNT, Map.of(LoopbackFamily.IPV4, List.of(PAYLOAD), LoopbackFamily.IPV6, List.of(1200)));
        var out = new ByteArrayOutputStream();

        List<String> bars;
        try (var printer = new PrintStream(out, true, StandardCharsets.UTF_8)) {
            bars = new DatagramBench(plan, printer).run();
        }

        String tables = out.toString(StandardCharsets.UTF_8);
        for (DatagramStack stack : DatagramStack.values()) {
            assertTrue(tables.contains("\n" + stack + " "), tables);
        }
        for (String name : List.of("ipv4-64-traits", "ipv4-64-4-read", "ipv4-64-of-C", "ipv6-1200-traits")) {
            assertTrue(
                    bars.stream()
                            .anyMatch(bar -> bar.matches("bar: receive-epoll-" + name + " [\\d.]+ [\\d.]+ (ok|short)")),
                    bars::toString);
        }
    }

    @Test
    void aReceiverInJavaSaysWhichDatagramsHadOtherTraits() throws IOException {
        try (PeerProcess sender = PeerProcess.nativeSender(LoopbackFamily.IPV4);
                PeerProcess receiver = PeerProcess.receiver(DatagramStack.EPOLL_TRAITS, LoopbackFamily.IPV4)) {

            sender.command(COUNT, 0, receiver.port(), PAYLOAD, 0);

            assertEquals(COUNT, receiver.command(COUNT, 0, 1).wrong());
        }
    }

    @Test
    void aReceiverInCSaysWhichDatagramsHadOtherTraits() throws IOException {
        try (PeerProcess sender = PeerProcess.nativeSender(LoopbackFamily.IPV6);
                PeerProcess receiver = PeerProcess.nativeReceiver(LoopbackFamily.IPV6, true)) {
            sender.command(COUNT, 0, receiver.port(), PAYLOAD, 1);
            assertEquals(0, receiver.command(COUNT, 0, 1).wrong());

            sender.command(COUNT, 64, receiver.port(), PAYLOAD, 0);

            assertEquals(COUNT, receiver.command(COUNT, 64, 1).wrong());
        }
    }

    @Test
    void aVariantFailsThatReadsTraitsWhichNobodySent() throws IOException {
        try (PeerProcess sender = PeerProcess.nativeSender(LoopbackFamily.IPV4);
                PeerProcess receiver = PeerProcess.receiver(DatagramStack.EPOLL_TRAITS, LoopbackFamily.IPV4)) {
            var variant = new DatagramVariant("v", Measured.RECEIVER, sender, receiver, false, Reading.READ, true);
            variant.begin(1);

            var failure =
                    assertThrows(IllegalStateException.class, () -> variant.round(1, COUNT, PAYLOAD, new Numbering()));

            assertEquals(
                    "v: of 128 datagrams sent, 128 arrived, 128 of them with other contents or traits;"
                            + " traits of 0 were decoded, not of 0",
                    failure.getMessage());
        }
    }

    @Test
    void aDatagramOfAnotherSlotIsNotTakenForTheExpectedOne() {
        Traits[] sets = SlotTraits.create();

        assertTrue(SlotTraits.isExpected(sets[3], 64 + 3));
        assertTrue(!SlotTraits.isExpected(sets[3], 64 + 4));
        assertTrue(!SlotTraits.isExpected(Traits.EMPTY, 0));
    }

    @Test
    void aRatioIsTheMedianOfTheRoundsNotOfTheSeries() {
        var slow = new Series(3);
        var fast = new Series(3);
        for (double round : new double[] {1, 10, 100}) {
            slow.add(round * 2);
            fast.add(round);
        }

        assertEquals(2, fast.speedOver(slow).median());
        assertEquals(2, fast.speedOver(slow).low());
        assertEquals(10, fast.median());
    }
}
