// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A script of src/test/python as a process; what it writes to stderr is part of its output. */
public final class PythonProgram implements Closeable {
    private final Process process;
    private final BufferedReader output;

    public PythonProgram(String script, String... arguments) throws IOException {
        this(List.of(), script, arguments);
    }

    /**
     * Starts it under a launcher.
     *
     * @param launcher a command that executes what comes behind its arguments
     */
    public PythonProgram(List<String> launcher, String script, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(launcher);
        command.addAll(List.of("python3", Path.of("src/test/python", script).toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        process = builder.start();
        output = process.inputReader(StandardCharsets.UTF_8);
    }

    public String readLine() throws IOException {
        return output.readLine();
    }

    /** Everything that it prints until it ends. */
    public String awaitEnd() throws IOException, InterruptedException {
        StringBuilder text = new StringBuilder();
        for (String line = readLine(); line != null; line = readLine()) {
            text.append(line).append('\n');
        }
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            throw new AssertionError("still running: " + text);
        }
        return text.toString();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
