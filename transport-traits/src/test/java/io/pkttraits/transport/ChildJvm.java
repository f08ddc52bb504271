// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Runs a main class in a JVM of its own, under other properties or privileges than the test's. */
public final class ChildJvm {
    private final List<String> prefix = new ArrayList<>();
    /** What this JVM is allowed, its children are, so that later JDKs do not warn of it in what they print. */
    private final List<String> jvmArgs =
            new ArrayList<>(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                    .filter(arg -> arg.startsWith("--enable-native-access") || arg.startsWith("--sun-misc-unsafe"))
                    .toList());

    private String classPath = System.getProperty("java.class.path");

    /** Runs it without {@code CAP_NET_RAW}, and so that it cannot get it back. */
    public ChildJvm withoutNetRaw() {
        return under("setpriv", "--bounding-set=-net_raw", "--inh-caps=-net_raw");
    }

    /** A command that runs the JVM, e.g. {@code setpriv ...}. */
    public ChildJvm under(String... command) {
        prefix.addAll(List.of(command));
        return this;
    }

    /** Out of the test's cgroup, so that the BPF polyfill does not answer. */
    ChildJvm outsideThePolyfill() throws IOException {
        return under("sh", "-c", "echo $$ > " + Cgroup2.root().resolve("cgroup.procs") + " && exec \"$@\"", "sh");
    }

    public ChildJvm property(String name, String value) {
        jvmArgs.add("-D" + name + "=" + value);
        return this;
    }

    public ChildJvm withoutClassPathEntries(Predicate<String> unwanted) {
        List<String> kept = new ArrayList<>(List.of(classPath.split(":")));
        kept.removeIf(unwanted);
        classPath = String.join(":", kept);
        return this;
    }

    /** Runs it to its end and returns what it printed; fails unless it exits with 0. */
    public String run(Class<?> main, String... args) {
        try {
            return runOnce(main, args);
        } catch (AssertionError e) {
            if (!isOfTheEmulator(e)) {
                throw e;
            }
            System.err.println("once more, since this may have been the emulator: " + e.getMessage());
            return runOnce(main, args);
        }
    }

    /** QEMU has been seen, once, to have compiled Java code end with SIGSEGV at a method's first instruction. */
    private static boolean isOfTheEmulator(AssertionError e) {
        return Boolean.getBoolean("io.pkttraits.test.emulator")
                && e.getMessage().contains("SIGSEGV")
                && e.getMessage().contains("# Problematic frame:\n# J ");
    }

    private String runOnce(Class<?> main, String... args) {
        StringBuilder output = new StringBuilder();
        runTo(line -> output.append(line).append('\n'), main, args);
        return output.toString();
    }

    /** Runs it to its end, handing on each line as it is printed; fails unless it exits with 0. */
    public void runTo(Consumer<String> lines, Class<?> main, String... args) {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmArgs);
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(List.of(args));
        StringBuilder output = new StringBuilder();
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line; (line = reader.readLine()) != null; ) {
                    output.append(line).append('\n');
                    lines.accept(line);
                }
            }
            if (process.waitFor() != 0) {
                throw new AssertionError(String.join(" ", command) + " failed:\n" + output);
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(String.join(" ", command) + " failed", e);
        }
    }
}
