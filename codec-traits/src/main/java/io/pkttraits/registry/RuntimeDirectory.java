// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import java.util.stream.Collectors;

/** Chooses the directory of the claims, and says who may use what is made in it. */
final class RuntimeDirectory {
    static final String PROPERTY = "io.pkttraits.runtimeDirectory";
    private static final Set<PosixFilePermission> FILE_PERMISSIONS = Set.of(
            PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE);

    private RuntimeDirectory() {}

    /** The one that all processes of this host and user take, unless they were told another. */
    static Path choose() throws TraitClaimException {
        return choose(System.getProperty(PROPERTY), Path.of("/run"), System.getenv("XDG_RUNTIME_DIR"));
    }

    static Path choose(String told, Path run, String userRuntime) throws TraitClaimException {
        if (told != null && !told.isEmpty()) {
            return Path.of(told);
        }
        Path shared = run.resolve("pkttraits");
        if (Files.isWritable(Files.exists(shared) ? shared : run)) {
            return shared;
        }
        if (userRuntime != null && !userRuntime.isEmpty()) {
            return Path.of(userRuntime, "pkttraits");
        }
        throw new TraitClaimException("no directory for claims: " + shared
                + " is not writable, XDG_RUNTIME_DIR is not set, nor is -D" + PROPERTY);
    }

    /**
     * Makes it if it is not there. Whoever may write to it can end claims and fake them, so that must not be everybody.
     */
    static void prepare(Path directory) throws TraitClaimException {
        try {
            Files.createDirectories(directory);
            if (Files.getPosixFilePermissions(directory).contains(PosixFilePermission.OTHERS_WRITE)) {
                throw new TraitClaimException(directory + " is writable by everybody: claims in it mean nothing");
            }
        } catch (TraitClaimException e) {
            throw e;
        } catch (IOException e) {
            throw new TraitClaimException("cannot use " + directory + " for claims: " + e, e);
        }
    }

    /** Lets those use a file who may use its directory: its group too, if that may write there. */
    static void share(Path file) throws IOException {
        Set<PosixFilePermission> directory = Files.getPosixFilePermissions(file.getParent());
        Files.setPosixFilePermissions(
                file,
                FILE_PERMISSIONS.stream()
                        .filter(permission -> permission.name().startsWith("OWNER")
                                || directory.contains(PosixFilePermission.GROUP_WRITE))
                        .collect(Collectors.toSet()));
    }
}
