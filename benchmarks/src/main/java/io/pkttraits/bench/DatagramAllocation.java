// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;

/** Holds what {@link DatagramAllocationBenchmark} found against what a datagram may allocate. */
final class DatagramAllocation {
    /** A {@code Traits} of 48 bytes, and an array of 16 bytes and the 18 of the four values, rounded up to 8. */
    static final int TRAITS_BYTES = 48 + 40;

    /** What one event loop's wake-ups may differ by, in bytes for a datagram. */
    private static final double NOISE = 0.5;

    private DatagramAllocation() {}

    /** Prints bytes for a datagram by channel and traits, and returns the lines of bars. */
    static List<String> judge(Collection<RunResult> results, PrintStream out) {
        Map<String, Double> bytes = new HashMap<>();
        out.println();
        out.println("allocated for a received datagram, bytes");
        for (RunResult result : results) {
            double allocated =
                    result.getSecondaryResults().get("gc.alloc.rate.norm").getScore();
            String name = result.getParams().getParam("variant");
            bytes.put(name, allocated);
            out.printf(Locale.ROOT, "%-34s %10.1f%n", name, allocated);
        }
        List<String> bars = new ArrayList<>();
        for (DatagramStack.Transport transport : DatagramStack.Transport.values()) {
            double stock = bytes.get(transport.name() + "_STOCK-0");
            double plain = bytes.get(transport.name() + "_TRAITS-0");
            double none = plain - stock;
            double four = bytes.get(transport.name() + "_TRAITS-4") - plain;
            String name = "allocation-" + transport;
            bars.add(DatagramBench.barLine(name + "-none-over-stock", none, 0, none <= NOISE));
            bars.add(DatagramBench.barLine(name + "-4-traits", four, TRAITS_BYTES, four <= TRAITS_BYTES + NOISE));
        }
        return bars;
    }
}
