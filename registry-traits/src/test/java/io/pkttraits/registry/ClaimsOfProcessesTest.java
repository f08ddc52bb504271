// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Claims among processes, which end as processes do. */
@Timeout(300)
@Tag("slow")
final class ClaimsOfProcessesTest {
    private static final int SIGKILL_EXIT = 128 + 9;

    /** What reaches our files; some have other names on other machines. */
    private static final List<String> SYSTEM_CALLS =
            List.of("openat", "fcntl", "read", "write", "?fchmod", "renameat", "unlinkat");

    @TempDir
    private Path dir;

    @Test
    void processesShareANameAndItsKey() throws Exception {
        try (ClaimProcess a = new ClaimProcess(dir);
                ClaimProcess b = new ClaimProcess(dir)) {
            assertEquals("customer_id=63", a.ask("claim customer_id"));
            assertEquals("customer_id=63", b.ask("claim customer_id"));
            assertEquals("session=59-62", b.ask("span session 4"));
            assertEquals("tenant=58", a.ask("claim tenant"));
            try (TraitClaim own = claims().claim(TraitRegistry.EMPTY, ClaimRequest.of("customer_id"))) {
                assertEquals(63, own.key());
            }
        }
    }

    @Test
    void clashNamesTheProcessThatHolds() throws Exception {
        try (ClaimProcess a = new ClaimProcess(dir);
                ClaimProcess b = new ClaimProcess(dir)) {
            assertEquals("customer_id=63", a.ask("exclusive customer_id"));
            String refusal = b.ask("claim customer_id");
            assertTrue(
                    refusal.startsWith("refused: 'customer_id' is in use exclusively: claimed by pid " + a.pid()
                            + " (io.pkttraits.registry.ClaimMain) since "),
                    refusal);
            assertEquals("closed", a.ask("close"));
            assertEquals("customer_id=63", b.ask("claim customer_id"));
        }
    }

    @Test
    void claimOfAKilledProcessEndsAndItsKeyRests() throws Exception {
        try (ClaimProcess a = new ClaimProcess(dir);
                ClaimProcess b = new ClaimProcess(dir)) {
            assertEquals("customer_id=63", a.ask("exclusive customer_id"));
            a.kill();
            // Another name does not get the key, the same one does, and exclusively.
            assertEquals("tenant=62", b.ask("claim tenant"));
            assertEquals("customer_id=63", b.ask("exclusive customer_id"));
        }
        TraitClaims later = new TraitClaims(
                dir, Duration.ofSeconds(60), Clock.fixed(Instant.now().plusSeconds(3600), ZoneOffset.UTC));
        // The end is noticed only now, and nobody knows how long ago it was.
        assertEquals(List.of(), later.holders());
        TraitClaimException e = assertThrows(
                TraitClaimException.class,
                () -> later.claim(TraitRegistry.EMPTY, ClaimRequest.of("all").span(64)));
        assertTrue(e.getMessage().endsWith("0 are claimed, 0 defined, 2 rest for up to 60 s"), e::getMessage);
    }

    @Test
    void processesRacingForNamesNeverShareAKey() throws Exception {
        List<ClaimProcess> processes = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                processes.add(new ClaimProcess(dir));
            }
            Set<String> keys = new HashSet<>();
            for (int round = 0; round < 15; round++) {
                for (int i = 0; i < 4; i++) {
                    processes.get(i).send("claim name" + round + "-" + i);
                }
                for (ClaimProcess process : processes) {
                    String answer = process.answer();
                    assertTrue(keys.add(answer.split("=", 2)[1]), answer);
                }
            }
            // And for one name they all get the same.
            Set<String> shared = new HashSet<>();
            for (ClaimProcess process : processes) {
                process.send("claim shared");
            }
            for (ClaimProcess process : processes) {
                shared.add(process.answer());
            }
            assertEquals(1, shared.size(), shared::toString);
        } finally {
            processes.forEach(ClaimProcess::close);
        }
    }

    @Test
    void processesKilledAtAnyMomentHarmNobody() throws Exception {
        try (TraitClaim own = claims().claim(TraitRegistry.EMPTY, ClaimRequest.of("own"))) {
            for (int i = 0; i < 8; i++) {
                try (ClaimProcess a = new ClaimProcess(dir);
                        ClaimProcess b = new ClaimProcess(dir)) {
                    a.send("loop a");
                    b.send("loop b");
                    a.expect("looping");
                    b.expect("looping");
                    Thread.sleep(20L * i);
                    a.kill();
                    b.kill();
                }
                assertIsWhole();
            }
            assertEquals(63, own.key());
        }
    }

    @Test
    void processKilledAtEachOfItsSystemCallsHarmsNobody() throws Exception {
        TraitClaim own = claims().claim(TraitRegistry.EMPTY, ClaimRequest.of("own"));
        int killed = 0;
        for (String call : SYSTEM_CALLS) {
            for (int n = 1; isKilledAt(call, n); n++) {
                killed++;
                assertIsWhole();
            }
        }
        // Locking and unlocking alone are four calls, writing twice at least another six.
        assertTrue(killed > 20, "only " + killed + " kills");
        own.close();
    }

    /** Whether a process that claims and closes is killed as it enters the n-th such call on one of our files. */
    private boolean isKilledAt(String systemCall, int n) throws Exception {
        Path real = dir.toRealPath();
        List<String> strace = new ArrayList<>(List.of("strace", "-f", "-qqq", "-o", "/dev/null"));
        // Most files are opened by the directory's descriptor.
        for (Path file : List.of(real, real.resolve("lock"), real.resolve("claims"))) {
            strace.addAll(List.of("-P", file.toString()));
        }
        strace.addAll(List.of("-e", "inject=" + systemCall + ":signal=KILL:when=" + n));
        try (ClaimProcess process = new ClaimProcess(strace, dir, "claim victim", "close")) {
            int exit = process.awaitExit();
            assertTrue(exit == 0 || exit == SIGKILL_EXIT, "exit code " + exit);
            return exit != 0;
        }
    }

    private void assertIsWhole() throws Exception {
        List<String> holders =
                claims().holders().stream().map(ClaimHolder::name).toList();
        assertEquals(List.of("own"), holders);
        try (TraitClaim probe =
                claims().claim(TraitRegistry.EMPTY, ClaimRequest.of("probe").exclusively())) {
            assertNotEquals(63, probe.key());
            ClaimTable.parse(Files.readString(dir.resolve("claims")));
        }
    }

    private TraitClaims claims() {
        return new TraitClaims(dir, Duration.ofSeconds(60), Clock.systemUTC());
    }
}
