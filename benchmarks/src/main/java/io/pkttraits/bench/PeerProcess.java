// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A sender or receiver that is a process of its own, on a core of its own where there are two. */
final class PeerProcess implements AutoCloseable {
    private static final boolean PINNED = Runtime.getRuntime().availableProcessors() > 1;

    private static final long PATIENCE_SECONDS = 10;

    private final String name;
    private final Process process;
    private final BufferedReader answers;

    private PeerProcess(String name, int core, List<String> command) throws IOException {
        this.name = name;
        List<String> pinned = new ArrayList<>();
        if (PINNED) {
            pinned.addAll(List.of("taskset", "-c", Integer.toString(core)));
        }
        pinned.addAll(command);
        process = new ProcessBuilder(pinned)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        answers = process.inputReader(StandardCharsets.US_ASCII);
    }

    /** Where senders and receivers run, for the reader of the figures. */
    static String pinning() {
        return PINNED
                ? "senders on core 0, receivers on core 1, each a process of its own"
                : "one core for senders and receivers, each a process of its own";
    }

    /** A sender, on core 0. */
    static PeerProcess sender(DatagramStack stack, LoopbackFamily family) throws IOException {
        return new PeerProcess(stack + " sender", 0, java("send", stack, family));
    }

    /** A receiver, on core 1; it first answers its port. */
    static PeerProcess receiver(DatagramStack stack, LoopbackFamily family) throws IOException {
        return new PeerProcess(stack + " receiver", 1, java("receive", stack, family));
    }

    /** The sender that calls sendmmsg, on core 0. */
    static PeerProcess nativeSender(LoopbackFamily family) throws IOException {
        return new PeerProcess("C sender", 0, List.of(program("datagram-sender"), family.argument()));
    }

    /** The receiver that calls recvmmsg, on core 1, with the control buffers of the channels with traits or with none. */
    static PeerProcess nativeReceiver(LoopbackFamily family, boolean control) throws IOException {
        List<String> command = new ArrayList<>(List.of(program("datagram-receiver"), family.argument()));
        if (control) {
            command.add("control");
        }
        return new PeerProcess("C receiver", 1, command);
    }

    private static List<String> java(String role, DatagramStack stack, LoopbackFamily family) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        // The programs in C speak IP options.
        command.addAll(List.of("-Dio.pkttraits.carrier=ip-option", "-Xms256m", "-Xmx256m", "-cp"));
        command.add(System.getProperty("java.class.path"));
        command.addAll(List.of(DatagramPeer.class.getName(), role, stack.name(), family.name()));
        return command;
    }

    /** Maven puts the programs beside the jar and the classes. */
    private static String program(String name) {
        try {
            Path program = Path.of(PeerProcess.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .resolveSibling(name);
            if (!Files.isExecutable(program)) {
                throw new IllegalStateException(program + " is missing: mvn -pl benchmarks -am package builds it");
            }
            return program.toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads the line that a receiver begins with. */
    int port() throws IOException {
        String line = answer();
        if (!line.startsWith("port ")) {
            throw new IOException(name + " said '" + line + "', not its port");
        }
        return Integer.parseInt(line.substring("port ".length()));
    }

    /** Gives a command of numbers and waits for what became of it. */
    RoundResult command(long... numbers) throws IOException {
        StringBuilder line = new StringBuilder();
        for (long number : numbers) {
            line.append(number).append(' ');
        }
        line.setCharAt(line.length() - 1, '\n');
        process.getOutputStream().write(line.toString().getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
        return RoundResult.parse(answer());
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException(name + " ended; what it said is above");
        }
        return line;
    }

    /** CPU time of all its threads so far, in nanoseconds: the kernel's workers for io_uring are among them. */
    long cpuNanos() throws IOException {
        long nanos = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc", process.pid() + "", "task"))) {
            for (Path thread : threads) {
                nanos += cpuNanos(thread);
            }
        }
        return nanos;
    }

    private static long cpuNanos(Path thread) throws IOException {
        try {
            String times = Files.readString(thread.resolve("schedstat"));
            return Long.parseLong(times.substring(0, times.indexOf(' ')));
        } catch (NoSuchFileException e) {
            return 0; // a thread that has just ended
        }
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
