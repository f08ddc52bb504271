// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.bench;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs the benchmarks of one subject: {@code codec [--quick]}. */
public final class Bench {
    private static final String USAGE = "usage: bench codec [--quick]";

    private Bench() {}

    /** Exit status 2 is a wrong command line; an error of a benchmark ends the run with 1. */
    public static void main(String[] args) throws RunnerException {
        List<String> arguments = Arrays.asList(args);
        boolean quick = arguments.equals(List.of("codec", "--quick"));
        if (!quick && !arguments.equals(List.of("codec"))) {
            System.err.println(USAGE);
            System.exit(2);
        }
        var options = new OptionsBuilder()
                .include(
                        "^io\\.pkttraits\\.bench\\.(CallBaseline|Traits\\w*|PktTrait\\w*|TraitTlv\\w*|TraitStore\\w*)\\.")
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
