// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.cli;

import io.pkttraits.proxy.config.ConfigOption;
import picocli.CommandLine;

/**
 * How a program of this module ends when it cannot do what it was asked: one line on stderr, and exit code 2 where the command
 * line is wrong, 1 where the machine or the network is.
 */
public final class OneLineErrors {
    private OneLineErrors() {}

    /** Runs a command and returns its exit code. */
    public static int run(Object command, String... args) {
        CommandLine line = new CommandLine(command);
        String name = line.getCommandName();
        line.setParameterExceptionHandler((e, unused) -> {
            line.getErr().println(name + ": " + oneLine(e) + " (see --help)");
            return CommandLine.ExitCode.USAGE;
        });
        line.setExecutionExceptionHandler((e, unused, result) -> {
            line.getErr().println(name + ": " + oneLine(e));
            return CommandLine.ExitCode.SOFTWARE;
        });
        try {
            ConfigOption.apply(line, args);
        } catch (CommandLine.ParameterException e) {
            line.getErr().println(name + ": " + oneLine(e));
            return CommandLine.ExitCode.USAGE;
        }
        return line.execute(args);
    }

    private static String oneLine(Exception e) {
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        return message.replaceAll("\\s*\\R\\s*", " ");
    }
}
