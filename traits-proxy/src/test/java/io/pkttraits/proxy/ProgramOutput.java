// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a program of this machine prints, stderr included, until it ends with exit code 0. */
public final class ProgramOutput {
    private ProgramOutput() {}

    public static String of(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("still running: " + List.of(command));
        }
        if (process.exitValue() != 0) {
            throw new AssertionError(List.of(command) + ": exit code " + process.exitValue() + ": " + output);
        }
        return output;
    }
}
