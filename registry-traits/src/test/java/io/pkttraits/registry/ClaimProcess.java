// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A {@link ClaimMain} in a JVM of its own, without the TOML parser, which claims do not need. */
final class ClaimProcess implements Closeable {
    private final Process process;
    private final BufferedReader out;
    private final Writer in;

    /** One that answers to lines. */
    ClaimProcess(Path directory) throws IOException {
        this(List.of(), directory);
        expect("ready");
    }

    /**
     * One that does what it is told and ends.
     *
     * @param launcher a command that runs another one
     */
    ClaimProcess(List<String> launcher, Path directory, String... lines) throws IOException {
        List<String> command = new ArrayList<>(launcher);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String withoutParser = Stream.of(classPath.split(":", -1))
                .filter(entry -> !entry.contains("tomlj"))
                .collect(Collectors.joining(":"));
        command.addAll(List.of("-cp", withoutParser, ClaimMain.class.getName(), directory.toString()));
        command.addAll(List.of(lines));
        process = new ProcessBuilder(command).redirectError(Redirect.DISCARD).start();
        out = process.inputReader(StandardCharsets.UTF_8);
        in = process.outputWriter(StandardCharsets.UTF_8);
    }

    long pid() {
        return process.pid();
    }

    void send(String line) throws IOException {
        in.write(line + "\n");
        in.flush();
    }

    String answer() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new AssertionError("the process has ended");
        }
        return line;
    }

    /** What it answers to a line. */
    String ask(String line) throws IOException {
        send(line);
        return answer();
    }

    void expect(String line) throws IOException {
        String answer = answer();
        if (!answer.equals(line)) {
            throw new AssertionError(answer + " instead of " + line);
        }
    }

    /** The end by SIGKILL, after which the kernel has its locks. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    int awaitExit() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
