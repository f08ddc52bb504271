// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.example;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program in a process of its own, and the lines that it has printed to stdout and stderr. */
final class ExampleProgram implements Closeable {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final Pattern READY = Pattern.compile("listening on (.*):(\\d+), carrier \\S+");

    private final Process process;
    private final List<String> lines = new ArrayList<>();
    private boolean hasEnded;

    private ExampleProgram(List<String> command) throws IOException {
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Thread reader = new Thread(this::read, "output of " + command.get(command.size() - 1));
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts an example with the class path, the JVM and the carrier of the tests. */
    static ExampleProgram java(Class<?> main, String... arguments) throws IOException {
        return java(List.of(), main, arguments);
    }

    static ExampleProgram java(List<String> jvmOptions, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(jvmOptions);
        for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (option.startsWith("--")) {
                command.add(option);
            }
        }
        if (System.getProperty("io.pkttraits.carrier") != null) {
            command.add("-Dio.pkttraits.carrier=" + System.getProperty("io.pkttraits.carrier"));
        }
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(List.of(arguments));
        return new ExampleProgram(command);
    }

    /** Starts a script of {@code src/test/python}. */
    static ExampleProgram python(String script, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.addAll(
                List.of("python3", "-B", Path.of("src/test/python", script).toString()));
        command.addAll(List.of(arguments));
        return new ExampleProgram(command);
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            add(e.toString());
        }
        end();
    }

    private synchronized void add(String line) {
        lines.add(line);
        notifyAll();
    }

    private synchronized void end() {
        hasEnded = true;
        notifyAll();
    }

    /** Waits until the program has printed a line that matches the expression as a whole. */
    synchronized Matcher awaitLine(Pattern expression) throws InterruptedException {
        long start = System.nanoTime();
        for (int next = 0; ; next++) {
            while (next == lines.size()) {
                long rest = PATIENCE_NANOS - (System.nanoTime() - start);
                if (hasEnded || rest <= 0) {
                    throw new AssertionError((hasEnded ? "ended" : "still running") + " without a line " + expression
                            + ":\n" + String.join("\n", lines));
                }
                wait(TimeUnit.NANOSECONDS.toMillis(rest) + 1);
            }
            Matcher matcher = expression.matcher(lines.get(next));
            if (matcher.matches()) {
                return matcher;
            }
        }
    }

    /** Waits until the program has printed a line that ends so. */
    void awaitLineEnd(String end) throws InterruptedException {
        awaitLine(Pattern.compile("(|.* )" + Pattern.quote(end)));
    }

    /** Waits until the program is ready, and returns the address that it listens on. */
    InetSocketAddress awaitReady() throws InterruptedException {
        Matcher ready = awaitLine(READY);
        return new InetSocketAddress(ready.group(1), Integer.parseInt(ready.group(2)));
    }

    /** Waits until the program is ready, and returns its address as an argument for another program. */
    String awaitAddress() throws InterruptedException {
        InetSocketAddress address = awaitReady();
        return address.getHostString() + ":" + address.getPort();
    }

    void awaitSuccess() throws InterruptedException {
        boolean ended = process.waitFor(PATIENCE_NANOS, TimeUnit.NANOSECONDS);
        if (!ended || process.exitValue() != 0) {
            throw new AssertionError((ended ? "exit status " + process.exitValue() : "still running") + ": " + this);
        }
    }

    @Override
    public synchronized String toString() {
        return String.join("\n", lines);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
