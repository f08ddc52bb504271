// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.config;

import io.pkttraits.registry.InvalidRegistryException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The options that say what traits are called and what is done with them: by a file, which may hold the other options as well, by a
 * list of keys, and by files of names.
 */
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
            description =
                    "Which traits go on: numbers, and names of --registry. Default: what the [[forward]] rules of --config say, else all")
    private ForwardFilter forward;

    @Option(
            names = "--" + PolicyReader.REGISTRY,
            paramLabel = "FILE|DIR",
            description =
                    "Names and types of trait keys: a TOML file, or a directory of *.toml; may be given several times."
                            + " Changes are followed; bad files, or ones without a name that --config uses, leave the names as"
                            + " they are. Default: what --config says, else keys have numbers alone")
    private List<Path> registry = List.of();

    /**
     * What the options say together.
     *
     * @throws InvalidRegistryException if what {@code --registry} names is none
     */
    public LiveTraitRules rules() throws InvalidRegistryException {
        try {
            ConfigFile read = file == null ? ConfigFile.parse(Path.of(KEY), "") : ConfigFile.read(file);
            return LiveTraitRules.open(read, forward, registry);
        } catch (ConfigException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }

    /** Lets the file of the command line {@code args}, if there is one, give the defaults of {@code line}. */
    public static void apply(CommandLine line, String... args) {
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
