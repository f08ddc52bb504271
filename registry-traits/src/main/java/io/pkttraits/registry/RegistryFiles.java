// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Which files a registry consists of. */
final class RegistryFiles {
    private RegistryFiles() {}

    static List<Path> list(List<Path> filesOrDirectories, List<RegistryError> errors) {
        List<Path> files = new ArrayList<>();
        for (Path path : filesOrDirectories) {
            if (!Files.isDirectory(path)) {
                files.add(path);
                continue;
            }
            try (Stream<Path> entries = Files.list(path)) {
                int before = files.size();
                entries.filter(RegistryFiles::isRegistryFile).sorted().forEach(files::add);
                if (files.size() == before) {
                    errors.add(new RegistryError(SourcePosition.ofFile(path), "has no file *.toml"));
                }
            } catch (IOException | java.io.UncheckedIOException e) {
                errors.add(new RegistryError(SourcePosition.ofFile(path), "cannot be listed: " + e));
            }
        }
        return files;
    }

    /** Editors' and package managers' own files, which begin with a dot or end otherwise, are none. */
    static boolean isRegistryFile(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".toml") && !name.startsWith(".");
    }
}
