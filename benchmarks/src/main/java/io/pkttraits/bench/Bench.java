// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs the benchmarks of one subject: {@code codec|accept [--quick]}. */
public final class Bench {
    private static final Map<String, String> BENCHMARKS = Map.of(
            "codec", "(CallBaseline|Traits\\w*|PktTrait\\w*|TraitTlv\\w*|TraitStore\\w*)",
            "accept", "AcceptBenchmark");

    private Bench() {}

    /** Exit status 2 is a wrong command line; an error of a benchmark ends the run with 1. */
    public static void main(String[] args) throws RunnerException {
        List<String> arguments = Arrays.asList(args);
        boolean quick = arguments.size() == 2 && arguments.get(1).equals("--quick");
        String benchmarks = arguments.isEmpty() ? null : BENCHMARKS.get(arguments.get(0));
        if (benchmarks == null || arguments.size() > (quick ? 2 : 1)) {
            System.err.println("usage: bench codec|accept [--quick]");
            System.exit(2);
        }
        var options = new OptionsBuilder()
                .include("^io\\.pkttraits\\.bench\\." + benchmarks + "\\.")
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .forks(quick ? 1 : 2)
                .warmupIterations(2)
                .warmupTime(quick ? TimeValue.milliseconds(200) : TimeValue.seconds(1))
                .measurementIterations(3)
                .measurementTime(quick ? TimeValue.milliseconds(200) : TimeValue.seconds(1));
        new Runner(options.build()).run();
    }
}
