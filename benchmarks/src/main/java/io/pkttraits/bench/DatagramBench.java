// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.bench;

import io.pkttraits.bench.DatagramVariant.Measured;
import io.pkttraits.bench.DatagramVariant.Reading;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Receive and send rates of datagram channels with traits beside Netty's own and loops in C, on loopback.
 *
 * <p>A sender fills the socket while the receiver waits, then the receiver reads all: neither takes the other's core, nor
 * waits for it. The variants take turns, so that what else the machine does hits all alike; a ratio is the median of the
 * rounds' ratios.
 */
final class DatagramBench {
    static final double TRAITS_TARGET = 1.00;
    static final double READ_TARGET = 0.90;
    static final double NATIVE_TARGET = 0.80;

    /**
     * How much to measure.
     *
     * @param rounds of each variant
     * @param warmUp rounds before them, once for each family
     * @param portions times that a round fills the socket
     * @param count datagrams that fill it, a multiple of 64
     * @param payloads bytes of each, by family
     */
    record Plan(int rounds, int warmUp, int portions, int count, Map<LoopbackFamily, List<Integer>> payloads) {
        static final Plan QUICK = new Plan(7, 16, 1, 4096, Map.of(LoopbackFamily.IPV4, List.of(64, 1200)));
        static final Plan FULL = new Plan(
                31,
                60,
                4,
                4096,
                Map.of(LoopbackFamily.IPV4, List.of(64, 1200), LoopbackFamily.IPV6, List.of(64, 1200)));
    }

    private final Plan plan;
    private final PrintStream out;
    private final List<String> bars = new ArrayList<>();
    private final DatagramVariant.Numbering numbering = new DatagramVariant.Numbering();

    DatagramBench(Plan plan, PrintStream out) {
        this.plan = plan;
        this.out = out;
    }

    /**
     * Measures all, and prints tables.
     *
     * @return lines {@code bar: NAME VALUE TARGET ok|short}
     * @throws IllegalStateException if a datagram was lost or had other traits than were sent
     */
    List<String> run() throws IOException {
        List<DatagramStack> stacks = availableStacks();
        for (Map.Entry<LoopbackFamily, List<Integer>> entry : new TreeMap<>(plan.payloads()).entrySet()) {
            receive(entry.getKey(), entry.getValue(), stacks);
            send(entry.getKey(), entry.getValue(), stacks);
        }
        return bars;
    }

    private List<DatagramStack> availableStacks() {
        List<DatagramStack> stacks = new ArrayList<>();
        for (DatagramStack stack : DatagramStack.values()) {
            Throwable cause = stack.transport.unavailabilityCause();
            if (cause == null) {
                stacks.add(stack);
            } else {
                out.println("# " + stack + " is not measured: " + cause.getMessage());
            }
        }
        return stacks;
    }

    private void receive(LoopbackFamily family, List<Integer> payloads, List<DatagramStack> stacks) throws IOException {
        try (Peers peers = new Peers()) {
            PeerProcess sender = peers.add(PeerProcess.nativeSender(family));
            Experiment experiment = new Experiment(Measured.RECEIVER, family);
            PeerProcess plain = peers.add(PeerProcess.nativeReceiver(family, false));
            experiment.add("C", sender, plain, false, Reading.UNREAD, false);
            PeerProcess control = peers.add(PeerProcess.nativeReceiver(family, true));
            DatagramVariant nativeTraits =
                    experiment.add("C, 4 traits, unread", sender, control, true, Reading.UNREAD, false);
            experiment.add("C, 4 traits, read", sender, control, true, Reading.READ, false);
            for (DatagramStack stack : stacks) {
                PeerProcess receiver = peers.add(PeerProcess.receiver(stack, family));
                DatagramVariant none =
                        experiment.add(stack.toString(), sender, receiver, false, Reading.UNREAD, stack.traits);
                if (!stack.traits) {
                    experiment.baseline(stack, none);
                    continue;
                }
                DatagramVariant unread =
                        experiment.add(stack + ", 4 sent, unread", sender, receiver, true, Reading.UNREAD, true);
                DatagramVariant read =
                        experiment.add(stack + ", 4 sent, read", sender, receiver, true, Reading.READ, true);
                experiment.bar(stack, "traits", unread, experiment.baseline(stack), TRAITS_TARGET);
                experiment.bar(stack, "4-read", read, experiment.baseline(stack), READ_TARGET);
                experiment.bar(stack, "of-C", unread, nativeTraits, NATIVE_TARGET);
            }
            experiment.measure(payloads);
        }
    }

    private void send(LoopbackFamily family, List<Integer> payloads, List<DatagramStack> stacks) throws IOException {
        try (Peers peers = new Peers()) {
            PeerProcess receiver = peers.add(PeerProcess.nativeReceiver(family, true));
            Experiment experiment = new Experiment(Measured.SENDER, family);
            PeerProcess inC = peers.add(PeerProcess.nativeSender(family));
            experiment.add("C", inC, receiver, false, Reading.UNREAD, false);
            experiment.add("C, 4 traits", inC, receiver, true, Reading.READ, false);
            for (DatagramStack stack : stacks) {
                PeerProcess sender = peers.add(PeerProcess.sender(stack, family));
                DatagramVariant none = experiment.add(stack.toString(), sender, receiver, false, Reading.UNREAD, false);
                if (stack.traits) {
                    experiment.add(stack + ", 4 traits", sender, receiver, true, Reading.READ, false);
                } else {
                    experiment.baseline(stack, none);
                }
            }
            experiment.measure(payloads);
        }
    }

    /** Processes that end together. */
    private static final class Peers implements AutoCloseable {
        private final Deque<PeerProcess> processes = new ArrayDeque<>();

        PeerProcess add(PeerProcess process) {
            processes.push(process);
            return process;
        }

        @Override
        public void close() {
            processes.forEach(PeerProcess::close);
        }
    }

    private record Bar(String name, DatagramVariant variant, DatagramVariant against, double target) {}

    /** The variants that take turns, and what their figures are held against. */
    private final class Experiment {
        private final Measured measured;
        private final LoopbackFamily family;
        private final List<DatagramVariant> variants = new ArrayList<>();
        private final Map<DatagramStack.Transport, DatagramVariant> baselines = new TreeMap<>();
        private final List<Bar> wanted = new ArrayList<>();

        Experiment(Measured measured, LoopbackFamily family) {
            this.measured = measured;
            this.family = family;
        }

        DatagramVariant add(
                String name, PeerProcess sender, PeerProcess receiver, boolean sent, Reading reading, boolean decodes) {
            DatagramVariant variant = new DatagramVariant(name, measured, sender, receiver, sent, reading, decodes);
            variants.add(variant);
            return variant;
        }

        /** Makes a variant the stock one of its transport. */
        void baseline(DatagramStack stack, DatagramVariant variant) {
            baselines.put(stack.transport, variant);
        }

        DatagramVariant baseline(DatagramStack stack) {
            return baselines.get(stack.transport);
        }

        void bar(DatagramStack stack, String what, DatagramVariant variant, DatagramVariant other, double target) {
            wanted.add(new Bar("receive-" + stack.transport + "-%s-%d-" + what, variant, other, target));
        }

        void measure(List<Integer> payloads) throws IOException {
            rounds(plan.warmUp(), payloads.get(0));
            for (int payload : payloads) {
                rounds(plan.rounds(), payload);
                print(payload);
            }
        }

        private void rounds(int count, int payload) throws IOException {
            for (DatagramVariant variant : variants) {
                variant.begin(count);
            }
            for (int i = 0; i < count; i++) {
                for (DatagramVariant variant : variants) {
                    variant.round(plan.portions(), plan.count(), payload, numbering);
                }
            }
        }

        private void print(int payload) {
            String verb = measured == Measured.RECEIVER ? "receive" : "send";
            out.printf(Locale.ROOT, "%n%s, %s, %d bytes%n", verb, family, payload);
            out.printf(
                    Locale.ROOT,
                    "%-34s %10s %10s %12s  %-18s%n",
                    "",
                    "kpps",
                    "ns",
                    "CPU ns",
                    "rate by " + variants.get(0).name);
            for (DatagramVariant variant : variants) {
                out.printf(
                        Locale.ROOT,
                        "%-34s %10.0f %10.0f %12.0f  %-18s%n",
                        variant.name,
                        1e6 / variant.nanos().median(),
                        variant.nanos().median(),
                        variant.cpuNanos().median(),
                        variant.nanos().speedOver(variants.get(0).nanos()));
            }
            for (Bar bar : wanted) {
                Series.Ratio ratio =
                        bar.variant().nanos().speedOver(bar.against().nanos());
                String name = String.format(Locale.ROOT, bar.name(), family, payload);
                out.printf(
                        Locale.ROOT,
                        "%s: rate by %s %s, CPU %s%n",
                        name,
                        bar.against().name,
                        ratio,
                        bar.variant().cpuNanos().speedOver(bar.against().cpuNanos()));
                bars.add(barLine(name, ratio.median(), bar.target(), ratio.median() >= bar.target()));
            }
        }
    }

    static String barLine(String name, double value, double target, boolean met) {
        return String.format(Locale.ROOT, "bar: %s %.2f %.2f %s", name, value, target, met ? "ok" : "short");
    }
}
