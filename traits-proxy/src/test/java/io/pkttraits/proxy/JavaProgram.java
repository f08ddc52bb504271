// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import io.pkttraits.proxy.net.HostPort;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of this module as a process of its own, with the class path and the carrier of the tests. */
public final class JavaProgram implements Closeable {
    private final Process process;
    private final Path stderr;
    private final BufferedReader stdout;

    public JavaProgram(Class<?> main, String... arguments) throws IOException {
        this(List.of(), main, arguments);
    }

    /**
     * Starts it under a launcher.
     *
     * @param launcher a command that executes what comes behind its arguments, such as {@code setpriv}
     */
    public JavaProgram(List<String> launcher, Class<?> main, String... arguments) throws IOException {
        stderr = Files.createTempFile("stderr", ".txt");
        List<String> command = new ArrayList<>(launcher);
        command.add(System.getProperty("java.home") + "/bin/java");
        command.add("-XX:TieredStopAtLevel=1");
        // Without them a JDK that warns of native access would write to stderr.
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--"))
                .forEach(command::add);
        for (String property : List.of("io.pkttraits.carrier", "io.pkttraits.trust", "io.netty.leakDetection.level")) {
            if (System.getProperty(property) != null) {
                command.add("-D" + property + "=" + System.getProperty(property));
            }
        }
        // The tests' own logging is quiet; a program's is what the test wants to see.
        command.add("-Dlogback.configurationFile=logback.xml");
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command).redirectError(stderr.toFile()).start();
        stdout = process.inputReader(StandardCharsets.UTF_8);
    }

    public static JavaProgram proxy(String upstream, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("--listen", "127.0.0.1:0", "--upstream", upstream));
        all.addAll(List.of(arguments));
        return new JavaProgram(TraitsProxy.class, all.toArray(String[]::new));
    }

    /** The next line on stdout; {@code null} at its end. */
    public String readLine() throws IOException {
        return stdout.readLine();
    }

    /** Waits for the ready line, and returns the address that it names. */
    public HostPort awaitReady() throws IOException {
        String line = readLine();
        if (line == null || !line.startsWith("listening on ")) {
            throw new AssertionError("not ready: " + line + "; " + stderr());
        }
        return HostPort.parse(line.split(" ", 4)[2]);
    }

    public void terminate() {
        process.toHandle().destroy();
    }

    public int awaitExit() throws InterruptedException {
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            throw new AssertionError("still running");
        }
        return process.exitValue();
    }

    public String stderr() throws IOException {
        return Files.readString(stderr);
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.delete(stderr);
    }
}
