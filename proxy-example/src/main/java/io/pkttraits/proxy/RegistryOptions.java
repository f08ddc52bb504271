// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import io.pkttraits.registry.InvalidRegistryException;
import io.pkttraits.registry.LiveTraitRegistry;
import io.pkttraits.registry.RegistryListener;
import io.pkttraits.registry.TraitRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** The option that names trait keys. */
final class RegistryOptions {
    @Option(
            names = "--registry",
            paramLabel = "FILE|DIR",
            description =
                    "Names and types of trait keys: a TOML file, or a directory of *.toml; may be given several times."
                            + " Changes are followed; a bad file leaves the registry as it is. Default: keys have numbers alone")
    private List<Path> registry;

    /** The registry, which follows its files as long as the process lives. */
    Supplier<TraitRegistry> open() throws InvalidRegistryException {
        return registry == null ? () -> TraitRegistry.EMPTY : LiveTraitRegistry.watch(registry, RegistryListener.NONE);
    }
}
