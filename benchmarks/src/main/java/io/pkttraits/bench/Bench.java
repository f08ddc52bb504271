// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the benchmarks of one subject: {@code codec|accept|datagram [--quick]}. */
public final class Bench {
    private static final String DATAGRAM = "datagram";

    private static final Map<String, String> BENCHMARKS = Map.of(
            "codec",
            "(CallBaseline|Traits\\w*|PktTrait\\w*|TraitTlv\\w*|TraitStore\\w*)",
            "accept",
            "AcceptBenchmark",
            DATAGRAM,
            "DatagramAllocationBenchmark");

    private static final String USAGE = """
            usage: ./run bench SUBJECT [--quick]

              codec     what the value and its codecs cost (JMH)
              accept    what a connection costs with traits and without (JMH)
              datagram  receive and send rates beside stock Netty and C, and allocation (JMH); as root

              --quick   fewer and shorter rounds""";

    private Bench() {}

    /** Exit status 2 is a wrong command line; an error of a benchmark ends the run with 1. */
    public static void main(String[] args) throws RunnerException, IOException {
        List<String> arguments = new ArrayList<>(Arrays.asList(args));
        if (arguments.contains("--help") || arguments.contains("-h")) {
            System.out.println(USAGE);
            return;
        }
        boolean quick = arguments.remove("--quick");
        if (arguments.size() != 1 || !BENCHMARKS.containsKey(arguments.get(0))) {
            System.err.println("bench: expected one of codec, accept, datagram, and --quick or not, got: "
                    + String.join(" ", args));
            System.err.println(USAGE);
            System.exit(2);
        }
        String subject = arguments.get(0);
        if (subject.equals(DATAGRAM)) {
            datagram(quick);
        } else {
            jmh(subject, quick, VerboseMode.NORMAL);
        }
    }

    private static void datagram(boolean quick) throws RunnerException, IOException {
        System.out.println("# " + PeerProcess.pinning());
        List<String> bars;
        try {
            bars = new DatagramBench(quick ? DatagramBench.Plan.QUICK : DatagramBench.Plan.FULL, System.out).run();
        } catch (IllegalStateException e) {
            System.err.println("bench: " + e.getMessage());
            System.exit(1);
            return;
        }
        // Leak records of the one buffer in 128 that is tracked would be taken for what a datagram allocates.
        Collection<RunResult> allocation = jmh(
                DATAGRAM,
                quick,
                VerboseMode.SILENT,
                "-Dio.netty.leakDetection.level=disabled",
                "-Dio.pkttraits.carrier=ip-option");
        bars.addAll(DatagramAllocation.judge(allocation, System.out));
        System.out.println();
        bars.forEach(System.out::println);
    }

    private static Collection<RunResult> jmh(
            String subject, boolean quick, VerboseMode verbosity, String... jvmArguments) throws RunnerException {
        TimeValue iteration = quick ? TimeValue.milliseconds(200) : TimeValue.seconds(1);
        var options = new OptionsBuilder()
                .include("^io\\.pkttraits\\.bench\\." + BENCHMARKS.get(subject) + "\\.")
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(verbosity)
                .jvmArgsAppend(jvmArguments)
                .forks(quick ? 1 : 2)
                .warmupIterations(2)
                .warmupTime(iteration)
                .measurementIterations(3)
                .measurementTime(iteration);
        return new Runner(options.build()).run();
    }
}
