// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.example.demo;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A Java program of the demo: runs on this program's class path with this program's JVM options, is killed when this one ends, and
 * keeps what it printed.
 */
final class DemoProcess implements Closeable {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final String name;
    private final Process process;
    private final List<String> stdout = new CopyOnWriteArrayList<>();
    private final List<String> stderr = new CopyOnWriteArrayList<>();
    private final Thread stdoutReader;

    DemoProcess(String name, String main, List<String> arguments) throws IOException {
        this.name = name;
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
        command.addAll(arguments);
        process = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        stdoutReader = gather(process.getInputStream(), stdout);
        gather(process.getErrorStream(), stderr);
    }

    /** The first line on stdout that {@code wanted} takes; throws if the program ends, or does not print one in time. */
    String awaitLine(Predicate<String> wanted, String what) throws DemoFailure, InterruptedException {
        long start = System.nanoTime();
        while (true) {
            boolean alive = stdoutReader.isAlive();
            synchronized (stdout) {
                for (String line : stdout) {
                    if (wanted.test(line)) {
                        return line;
                    }
                }
                if (!alive || System.nanoTime() - start > PATIENCE_NANOS) {
                    throw failure(alive ? "did not say " + what + " in time" : "ended without saying " + what);
                }
                stdout.wait(50);
            }
        }
    }

    /** Everything that the program prints until it ends by itself, with exit code 0. */
    List<String> awaitEnd() throws DemoFailure, InterruptedException {
        if (!process.waitFor(PATIENCE_NANOS, TimeUnit.NANOSECONDS)) {
            throw failure("did not end in time");
        }
        stdoutReader.join();
        if (process.exitValue() != 0) {
            throw failure("exit code " + process.exitValue());
        }
        return stdout;
    }

    List<String> stderr() {
        return stderr;
    }

    String name() {
        return name;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(2, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private DemoFailure failure(String what) {
        return new DemoFailure(name + ": " + what);
    }

    private static Thread gather(InputStream stream, List<String> lines) {
        Thread reader = new Thread(() -> {
            try (BufferedReader in = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    synchronized (lines) {
                        lines.add(line);
                        lines.notifyAll();
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        reader.setDaemon(true);
        reader.start();
        return reader;
    }
}
