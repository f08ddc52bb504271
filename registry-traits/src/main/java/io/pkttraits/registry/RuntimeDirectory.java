// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;

/** Chooses the directory of the claims, and says whose it may be. */
final class RuntimeDirectory {
    static final String PROPERTY = "io.pkttraits.runtimeDirectory";

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
     * Makes it if it is not there. Whoever may write to it can end claims and fake them, so that must not be everybody, nor any
     * other user but root and who is in a group that was let in.
     */
    static void prepare(Path directory) throws TraitClaimException {
        try {
            Files.createDirectories(directory);
            PosixFileAttributes attributes = Files.readAttributes(directory, PosixFileAttributes.class);
            if (attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
                throw new TraitClaimException(directory + " is writable by everybody: claims in it mean nothing");
            }
            if (!isOurs(attributes.owner()) && !attributes.owner().equals(user("0"))) {
                throw new TraitClaimException(
                        directory + " belongs to " + attributes.owner().getName()
                                + ", who can end and fake claims in it: it must be this process's user's, or root's");
            }
        } catch (TraitClaimException e) {
            throw e;
        } catch (IOException e) {
            throw new TraitClaimException("cannot use " + directory + " for claims: " + e, e);
        }
    }

    /** Whether a file's owner is the user as whom this process makes files. */
    static boolean isOurs(UserPrincipal owner) throws IOException {
        return owner.equals(self());
    }

    private static UserPrincipal self() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("Uid:")) {
                // Real, effective, saved, and that of files (proc(5)).
                return user(line.split("\\s+", -1)[4]);
            }
        }
        throw new IOException("/proc/self/status has no line Uid");
    }

    /** A number is taken as such where no user has it as a name. */
    private static UserPrincipal user(String uid) throws IOException {
        return FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(uid);
    }
}
