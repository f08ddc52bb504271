// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The file of a {@link ClaimTable}. It is replaced at once, so that it is whole whenever its writer is killed. For whoever
 * has the {@link ClaimLock} alone.
 */
final class ClaimFile {
    private static final String NAME = "claims";
    private static final int MAX_BYTES = 4 << 20;

    private final Path directory;

    ClaimFile(Path directory) {
        this.directory = directory;
    }

    ClaimTable read() throws IOException {
        try (ClaimDirectory files = ClaimDirectory.open(directory)) {
            byte[] bytes = files.read(NAME, MAX_BYTES);
            // A disk that lost power may have kept the name without the bytes; no claim has outlived that.
            return bytes == null || bytes.length == 0
                    ? new ClaimTable()
                    : ClaimTable.parse(new String(bytes, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new TraitClaimException(
                    directory.resolve(NAME) + " is damaged, remove it once nobody claims: " + e.getMessage(), e);
        }
    }

    void write(ClaimTable table) throws IOException {
        try (ClaimDirectory files = ClaimDirectory.open(directory)) {
            files.replace(NAME, table.format().getBytes(StandardCharsets.UTF_8));
        }
    }
}
