// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What other users may do to the directory that processes claim in. */
@Timeout(120)
final class ClaimDirectoryTest {
    @TempDir
    private Path dir;

    private TraitClaim claim() throws TraitClaimException {
        return new TraitClaims(dir, TraitClaims.DEFAULT_REST, Clock.systemUTC())
                .claim(TraitRegistry.EMPTY, ClaimRequest.of("x"));
    }

    private TraitClaimException refusal() {
        return assertThrows(TraitClaimException.class, this::claim);
    }

    @Test
    void directoryThatEverybodyMayWriteToIsRefused() throws Exception {
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertEquals(
                dir + " is writable by everybody: claims in it mean nothing",
                refusal().getMessage());
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxrwxr-x"));
        claim().close();
        assertEquals("rw-rw----", permissions("lock"));
        assertEquals("rw-rw----", permissions("claims"));
    }

    @Test
    void directoryOfAnotherUserIsRefused() throws Exception {
        UserPrincipal nobody =
                dir.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
        Files.setOwner(dir, nobody);
        assertEquals(
                dir
                        + " belongs to nobody, who can end and fake claims in it: it must be this process's user's, or root's",
                refusal().getMessage());
    }

    @Test
    void lockThatItsMakerDidNotLiveToShareIsShared() throws Exception {
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxrwxr-x"));
        Files.createFile(
                dir.resolve("lock"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
        claim().close();
        assertEquals("rw-rw----", permissions("lock"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lock", "claims"})
    void whatIsNoRegularFileIsRefused(String name) throws Exception {
        Path file = dir.resolve(name);
        assertEquals(0, new ProcessBuilder("mkfifo", file.toString()).start().waitFor());
        assertEquals(file + " is no regular file", refusal().getMessage());
        Files.delete(file);
        Path elsewhere = Files.writeString(dir.resolve("elsewhere"), "precious");
        Files.createSymbolicLink(file, elsewhere);
        refusal();
        assertEquals("precious", Files.readString(elsewhere));
        Files.delete(file);
        claim().close();
    }

    /** As somebody of the group may do it who has no right to the file. */
    @Test
    void linkThatIsPlantedWhileSomebodyClaimsIsNotFollowed(@TempDir Path other) throws Exception {
        Path victim = Files.writeString(other.resolve("victim"), "precious");
        Files.setPosixFilePermissions(victim, PosixFilePermissions.fromString("rw-------"));
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxrwxr-x"));
        AtomicBoolean done = new AtomicBoolean();
        Thread planter = new Thread(() -> {
            while (!done.get()) {
                plant(victim, dir.resolve("claims.next"));
                for (String name : dir.toFile().list((d, entry) -> entry.startsWith("claims.next"))) {
                    dir.resolve(name).toFile().delete();
                    plant(victim, dir.resolve(name));
                }
            }
        });
        planter.start();
        for (int i = 0; i < 300; i++) {
            try {
                claim().close();
            } catch (TraitClaimException e) {
                // Whoever may write to the directory can keep others from claiming.
                Files.deleteIfExists(dir.resolve("claims"));
            }
        }
        done.set(true);
        planter.join();
        assertEquals("precious", Files.readString(victim));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(victim)));
        Files.deleteIfExists(dir.resolve("claims"));
        claim().close();
        try (Stream<Path> left = Files.list(dir)) {
            assertEquals(
                    List.of("claims", "lock"),
                    left.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    private static void plant(Path victim, Path link) {
        try {
            Files.createSymbolicLink(link, victim);
        } catch (IOException e) {
            // There is one.
        }
    }

    private String permissions(String file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve(file)));
    }
}
