// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;

/**
 * What changes whenever a registry's files do, without reading them: which there are, their inodes, sizes and times.
 */
record FileSignature(List<Entry> entries) {
    private record Entry(Path path, Object fileKey, long size, FileTime modified) {}

    static FileSignature of(List<Path> filesOrDirectories) {
        List<Entry> entries = new ArrayList<>();
        filesOrDirectories.stream().filter(Files::isDirectory).forEach(path -> entries.add(entry(path)));
        RegistryFiles.list(filesOrDirectories, new ArrayList<>()).forEach(path -> entries.add(entry(path)));
        return new FileSignature(entries);
    }

    private static Entry entry(Path path) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            // A directory's time changes with files that are none of ours.
            return attributes.isDirectory()
                    ? new Entry(path, attributes.fileKey(), 0, null)
                    : new Entry(path, attributes.fileKey(), attributes.size(), attributes.lastModifiedTime());
        } catch (IOException e) {
            return new Entry(path, null, 0, null);
        }
    }
}
