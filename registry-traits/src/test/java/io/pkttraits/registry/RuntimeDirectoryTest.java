// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RuntimeDirectoryTest {
    @TempDir
    private Path dir;

    @Test
    void directoryIsChosenByWhatIsThere() throws Exception {
        assertEquals(Path.of("/told"), RuntimeDirectory.choose("/told", dir, "/user"));
        assertEquals(dir.resolve("pkttraits"), RuntimeDirectory.choose(null, dir, "/user"));
        assertEquals(Path.of("/user/pkttraits"), RuntimeDirectory.choose(null, dir.resolve("no-such"), "/user"));
        TraitClaimException e = assertThrows(
                TraitClaimException.class, () -> RuntimeDirectory.choose("", dir.resolve("no-such"), null));
        assertTrue(e.getMessage().contains("XDG_RUNTIME_DIR is not set"), e::getMessage);
        System.setProperty(RuntimeDirectory.PROPERTY, dir.resolve("new/one").toString());
        try (TraitClaim claim = TraitRegistry.EMPTY.claim("customer_id")) {
            assertEquals(63, claim.key());
            assertTrue(Files.exists(dir.resolve("new/one/lock")));
        } finally {
            System.clearProperty(RuntimeDirectory.PROPERTY);
        }
    }
}
