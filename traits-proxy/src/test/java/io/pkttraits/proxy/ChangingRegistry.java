// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A registry's file that, once begun, is another one each second: other names, another key for the one that {@link #POLICY} uses,
 * half a file, and one without that name.
 */
final class ChangingRegistry implements AutoCloseable {
    private static final List<String> CONTENTS = List.of(
            "customer_id = { key = 4, type = \"u32\" }\nspare = { key = 40, type = \"flag\" }\n",
            "customer = { key = 4, type = \"u32\", sensitive = true }\nspare = { key = 41, type = \"flag\" }\n",
            "customer_id = { key = 4, type = ",
            "debug = { key = 9, type = \"flag\" }\n");
    /** Rules that are others after a change of names, and the same for all sets that nobody's spare key is in. */
    private static final String POLICY = "[[forward]]\nexcept = [\"spare\"]\n";

    private final Path file;
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private int changes;

    ChangingRegistry(Path file) {
        this.file = file;
        change();
    }

    void begin() {
        executor.scheduleAtFixedRate(this::change, 1, 1, TimeUnit.SECONDS);
    }

    /** A file for the proxy's {@code --config}, with these names and rules that use them. */
    Path config() {
        try {
            return Files.writeString(file.resolveSibling("config.toml"), "registry = '" + file + "'\n" + POLICY);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void change() {
        Path next = file.resolveSibling("next");
        try {
            Files.writeString(next, CONTENTS.get(changes++ % CONTENTS.size()));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
