// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.cli;

import picocli.CommandLine;

/** What {@code --version} prints: the name of the command and the version in the manifest of its jar. */
public final class ProgramVersion implements CommandLine.IVersionProvider {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec command;

    @Override
    public String[] getVersion() {
        String version = ProgramVersion.class.getPackage().getImplementationVersion();
        return new String[] {command.root().name() + " " + (version == null ? "(not from its jar)" : version)};
    }
}
