// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

/** What a claim says of the process that holds it. */
final class OwnProcess {
    private static final int LONGEST = 200;
    static final long PID = ProcessHandle.current().pid();

    /** The main class or jar: arguments may be secret, and claims can be read by others. */
    static final String COMMAND = command();

    private OwnProcess() {}

    private static String command() {
        String main = System.getProperty("sun.java.command", "").strip().split("\\s+", 2)[0];
        String command =
                main.isEmpty() ? ProcessHandle.current().info().command().orElse("unknown") : main;
        StringBuilder printable = new StringBuilder();
        command.codePoints().limit(LONGEST).forEach(c -> printable.append(c > ' ' && c < 0x7f ? (char) c : '?'));
        return printable.toString();
    }
}
