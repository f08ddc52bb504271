// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The file of a {@link ClaimTable}. It is replaced at once, so that it is whole whenever its writer is killed. Streams
 * read and write it, for a channel would fail where its thread is interrupted. For whoever has the {@link ClaimLock}
 * alone.
 */
final class ClaimFile {
    private static final int MAX_BYTES = 4 << 20;

    private final Path file;
    private final Path next;

    ClaimFile(Path directory) {
        file = directory.resolve("claims");
        next = directory.resolve("claims.next");
    }

    ClaimTable read() throws IOException {
        try (FileInputStream in = new FileInputStream(file.toFile())) {
            byte[] bytes = in.readNBytes(MAX_BYTES);
            // A disk that lost power may have kept the name without the bytes; no claim has outlived that.
            return bytes.length == 0 ? new ClaimTable() : ClaimTable.parse(new String(bytes, StandardCharsets.UTF_8));
        } catch (FileNotFoundException e) {
            if (Files.exists(file)) {
                throw e;
            }
            return new ClaimTable();
        } catch (IllegalArgumentException e) {
            throw new TraitClaimException(file + " is damaged, remove it once nobody claims: " + e.getMessage(), e);
        }
    }

    void write(ClaimTable table) throws IOException {
        // Left by a writer that was killed, perhaps another user's.
        Files.deleteIfExists(next);
        try (FileOutputStream out = new FileOutputStream(next.toFile())) {
            RuntimeDirectory.share(next);
            out.write(table.format().getBytes(StandardCharsets.UTF_8));
        }
        Files.move(next, file, ATOMIC_MOVE, REPLACE_EXISTING);
    }
}
