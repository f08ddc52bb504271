// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import io.pkttraits.transport.TraitsPolicy;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say what is done with traits: by a file, which may hold the other options as well, or by a list of keys. */
@Command
public final class ConfigOption {
    static final String KEY = "config";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--" + KEY,
            paramLabel = "FILE",
            description =
                    "TOML with [[accept]] and [[forward]] rules for traits (docs/policy.md), and with options of this"
                            + " command line, without their dashes, as defaults.")
    private Path file;

    @Option(
            names = "--forward",
            paramLabel = "all|none|KEY,KEY...",
            converter = ForwardConverter.class,
            description = "Which traits go on. Default: what the [[forward]] rules of --config say, else all")
    private ForwardFilter forward;

    /** What both options say together. */
    public TraitsPolicy policy() {
        try {
            ConfigFile read = file == null ? ConfigFile.parse(Path.of(KEY), "") : ConfigFile.read(file);
            return PolicyReader.read(read, forward);
        } catch (ConfigException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }

    /** Lets the file of the command line {@code args}, if there is one, give the defaults of {@code line}. */
    static void apply(CommandLine line, String... args) {
        ConfigOption option = new ConfigOption();
        try {
            new CommandLine(option).setUnmatchedArgumentsAllowed(true).parseArgs(args);
        } catch (ParameterException e) {
            return; // which the command line itself will say
        }
        if (option.file == null || line.getCommandSpec().findOption("--" + KEY) == null) {
            return;
        }
        try {
            line.setDefaultValueProvider(new ConfigDefaults(ConfigFile.read(option.file), line.getCommandSpec()));
        } catch (ConfigException e) {
            throw new ParameterException(line, e.getMessage());
        }
    }
}
