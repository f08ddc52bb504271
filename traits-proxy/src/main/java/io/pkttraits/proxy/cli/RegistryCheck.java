// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.cli;

import io.pkttraits.proxy.log.AccessLog;
import io.pkttraits.registry.InvalidRegistryException;
import io.pkttraits.registry.TraitDefinition;
import io.pkttraits.registry.TraitRegistry;
import java.io.PrintWriter;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The program {@code traits-proxy check}. */
@Command(
        name = "traits-proxy check",
        mixinStandardHelpOptions = true,
        description = "Prints the names that registry files define, or everything that is wrong with them.",
        footer = {"", "Exit codes: 1 something is wrong with the files, 2 wrong options."})
public final class RegistryCheck implements Callable<Integer> {
    public static final String NAME = "check";

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "FILE|DIR", description = "What would be given to --registry.")
    private List<Path> files;

    @Override
    public Integer call() {
        try {
            TraitRegistry registry = TraitRegistry.load(files.toArray(Path[]::new));
            PrintWriter out = spec.commandLine().getOut();
            registry.definitions().forEach(definition -> out.println(describe(definition)));
            return 0;
        } catch (InvalidRegistryException e) {
            e.errors().forEach(spec.commandLine().getErr()::println);
            return 1;
        }
    }

    private static String describe(TraitDefinition definition) {
        String keys = definition.isSpan()
                ? definition.firstKey() + "-" + definition.lastKey()
                : Integer.toString(definition.firstKey());
        String order = definition.type().isNumber() ? " " + orderId(definition) : "";
        return "%-5s %s %s%s%s%s"
                .formatted(
                        keys,
                        definition.name(),
                        definition.type().id(),
                        order,
                        definition.sensitive() ? " sensitive" : "",
                        definition.description().isEmpty() ? "" : ": " + AccessLog.escape(definition.description()));
    }

    private static String orderId(TraitDefinition definition) {
        return definition.order() == ByteOrder.nativeOrder() ? "host" : "network";
    }
}
