// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.example.demo;

import picocli.CommandLine;

/** Runs a program of the demo, whose failure is one line on stderr: exit code 2 for wrong options, 1 for anything else. */
final class DemoCommand {
    private DemoCommand() {}

    static int run(Object command, String... args) {
        CommandLine line = new CommandLine(command);
        String name = line.getCommandName();
        line.setParameterExceptionHandler((e, unused) -> {
            line.getErr().println(name + ": " + e.getMessage() + " (see --help)");
            return CommandLine.ExitCode.USAGE;
        });
        line.setExecutionExceptionHandler((e, unused, result) -> {
            line.getErr().println(name + ": " + (e.getMessage() == null ? e : e.getMessage()));
            return CommandLine.ExitCode.SOFTWARE;
        });
        return line.execute(args);
    }
}
