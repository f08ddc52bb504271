// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A sender or receiver that is a process of its own, on a core of its own where there are two.
 *
 * <p>A JVM's event loop has that core; what else it does, such as compiling, it does on the other one, which the other end
 * of the experiment leaves alone while this one is measured.
 */
final class PeerProcess implements AutoCloseable {
    private static final boolean PINNED = Runtime.getRuntime().availableProcessors() > 1;
    private static final int SENDERS_CORE = 0;
    private static final int RECEIVERS_CORE = 1;

    private static final long PATIENCE_SECONDS = 10;

    /** Threads that move datagrams, by the first letters of their names: Netty's, and the kernel's for io_uring. */
    private static final List<String> EVENT_LOOP_THREADS = List.of("multiThreadIoEv", "iou-");

    private final String name;
    private final Process process;
    private final BufferedReader answers;
    private int port;

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
                ? "each variant a process of its own; senders on core 0, receivers on core 1, of a JVM its event loop"
                : "each variant a process of its own, senders and receivers on the same core";
    }

    /** A channel that sends. */
    static PeerProcess sender(DatagramStack stack, LoopbackFamily family) throws IOException {
        PeerProcess peer = new PeerProcess(stack + " sender", RECEIVERS_CORE, java("send", stack, family));
        peer.port();
        peer.pinEventLoop(SENDERS_CORE);
        return peer;
    }

    /** A channel that receives. */
    static PeerProcess receiver(DatagramStack stack, LoopbackFamily family) throws IOException {
        PeerProcess peer = new PeerProcess(stack + " receiver", SENDERS_CORE, java("receive", stack, family));
        peer.port();
        peer.pinEventLoop(RECEIVERS_CORE);
        return peer;
    }

    /** The sender that calls sendmmsg. */
    static PeerProcess nativeSender(LoopbackFamily family) throws IOException {
        return new PeerProcess("C sender", SENDERS_CORE, List.of(program("datagram-sender"), family.argument()));
    }

    /** The receiver that calls recvmmsg, with the control buffers of the channels with traits or with none. */
    static PeerProcess nativeReceiver(LoopbackFamily family, boolean control) throws IOException {
        List<String> command = new ArrayList<>(List.of(program("datagram-receiver"), family.argument()));
        if (control) {
            command.add("control");
        }
        PeerProcess peer = new PeerProcess("C receiver", RECEIVERS_CORE, command);
        peer.port();
        return peer;
    }

    private static List<String> java(String role, DatagramStack stack, LoopbackFamily family) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        // The programs in C speak IP options.
        command.addAll(List.of("-Dio.pkttraits.carrier=ip-option", "-Xms256m", "-Xmx256m"));
        // What is called once for 64 datagrams shall be compiled as early as what is called for each.
        command.addAll(List.of("-XX:CompileThresholdScaling=0.1", "-cp"));
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

    /** Where a receiver is reached; what a channel that sends is bound to. */
    int port() throws IOException {
        if (port == 0) {
            String line = answer();
            if (!line.startsWith("port ")) {
                throw new IOException(name + " said '" + line + "', not its port");
            }
            port = Integer.parseInt(line.substring("port ".length()));
        }
        return port;
    }

    private void pinEventLoop(int core) throws IOException {
        if (!PINNED) {
            return;
        }
        for (Path thread : threads()) {
            if (movesDatagrams(thread)) {
                taskset(core, thread.getFileName().toString());
            }
        }
    }

    private void taskset(int core, String thread) throws IOException {
        Process taskset = new ProcessBuilder("taskset", "-p", "-c", Integer.toString(core), thread)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            if (taskset.waitFor() != 0) {
                throw new IOException("cannot pin " + name + " to core " + core);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private List<Path> threads() throws IOException {
        List<Path> threads = new ArrayList<>();
        try (var found = Files.newDirectoryStream(Path.of("/proc", Long.toString(process.pid()), "task"))) {
            found.forEach(threads::add);
        }
        return threads;
    }

    /** Of a program in C there is but one thread, and it does. */
    private static boolean movesDatagrams(Path thread) throws IOException {
        String comm = Files.readString(thread.resolve("comm"));
        return EVENT_LOOP_THREADS.stream().anyMatch(comm::startsWith) || comm.startsWith("datagram-");
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

    /** CPU time so far of the threads that move datagrams, in nanoseconds. Compiling and collecting is not in it. */
    long cpuNanos() throws IOException {
        long nanos = 0;
        for (Path thread : threads()) {
            nanos += cpuNanos(thread);
        }
        return nanos;
    }

    private static long cpuNanos(Path thread) throws IOException {
        try {
            if (!movesDatagrams(thread)) {
                return 0;
            }
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
