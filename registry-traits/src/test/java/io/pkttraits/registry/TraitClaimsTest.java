// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Claims within one process. */
@Timeout(120)
final class TraitClaimsTest {
    private static final TraitRegistry NONE = TraitRegistry.EMPTY;

    @TempDir
    private Path dir;

    private final SettableClock clock = new SettableClock();
    private TraitClaims claims;

    @BeforeEach
    void open() {
        claims = new TraitClaims(dir, Duration.ofSeconds(60), clock);
    }

    @Test
    void nameIsSharedAndHasOneKey() throws Exception {
        try (TraitClaim first = claims.claim(NONE, ClaimRequest.of("customer_id"));
                TraitClaim second = claims.claim(NONE, ClaimRequest.of("customer_id"));
                TraitClaim other = claims.claim(NONE, ClaimRequest.of("tenant"))) {
            assertEquals("customer_id=63", first.toString());
            assertEquals("customer_id=63", second.toString());
            assertEquals("tenant=62", other.toString());
            assertEquals(3, claims.holders().size());
        }
        assertEquals(List.of(), claims.holders());
    }

    @Test
    void exclusiveClaimIsRefusedWhileTheNameIsClaimed() throws Exception {
        try (TraitClaim first = claims.claim(NONE, ClaimRequest.of("customer_id"))) {
            assertFalse(first.isExclusive());
            TraitClaimException e = refusal(NONE, ClaimRequest.of("customer_id").exclusively());
            assertEquals(
                    "'customer_id' is in use: claimed by pid " + OwnProcess.PID + " (" + OwnProcess.COMMAND
                            + ") since 2026-01-01T00:00:00Z",
                    e.getMessage());
            assertEquals(OwnProcess.PID, e.holders().get(0).pid());
        }
        try (TraitClaim exclusive =
                claims.claim(NONE, ClaimRequest.of("customer_id").exclusively())) {
            assertTrue(exclusive.isExclusive());
            assertTrue(refusal(NONE, ClaimRequest.of("customer_id"))
                    .getMessage()
                    .startsWith("'customer_id' is in use exclusively: claimed by pid "));
            refusal(NONE, ClaimRequest.of("customer_id").exclusively());
        }
        claims.claim(NONE, ClaimRequest.of("customer_id")).close();
    }

    @Test
    void keyRestsBeforeAnotherNameGetsIt() throws Exception {
        List<TraitClaim> all = claimAll();
        assertTrue(refusal(NONE, ClaimRequest.of("late")).getMessage().contains("64 are claimed, 0 defined, 0 rest"));
        all.get(10).close();
        String freed = all.get(10).name();
        assertTrue(refusal(NONE, ClaimRequest.of("late")).getMessage().contains("63 are claimed, 0 defined, 1 rest"));
        clock.advance(Duration.ofSeconds(59));
        refusal(NONE, ClaimRequest.of("late"));
        // The name itself may come back at any time, and then the rest begins anew.
        claims.claim(NONE, ClaimRequest.of(freed)).close();
        clock.advance(Duration.ofSeconds(59));
        refusal(NONE, ClaimRequest.of("late"));
        clock.advance(Duration.ofSeconds(1));
        TraitClaim late = claims.claim(NONE, ClaimRequest.of("late"));
        assertEquals(all.get(10).key(), late.key());
        refusal(NONE, ClaimRequest.of(freed));
        late.close();
        all.forEach(TraitClaim::close);
    }

    @Test
    void keyThatWasFreedLongestAgoIsGivenFirst() throws Exception {
        List<TraitClaim> all = claimAll();
        for (int i : new int[] {20, 5, 40}) {
            all.get(i).close();
            clock.advance(Duration.ofSeconds(61));
        }
        assertEquals(all.get(20).key(), claims.claim(NONE, ClaimRequest.of("a")).key());
        assertEquals(all.get(5).key(), claims.claim(NONE, ClaimRequest.of("b")).key());
        assertEquals(all.get(40).key(), claims.claim(NONE, ClaimRequest.of("c")).key());
    }

    @Test
    void nameComesBackToItsKeyAsLongAsOthersHaveTheirs() throws Exception {
        TraitClaim first = claims.claim(NONE, ClaimRequest.of("customer_id"));
        first.close();
        clock.advance(Duration.ofDays(1));
        assertNotEquals(
                first.key(), claims.claim(NONE, ClaimRequest.of("tenant")).key());
        assertEquals(
                first.key(), claims.claim(NONE, ClaimRequest.of("customer_id")).key());
    }

    @Test
    void keyRestsFromNowOnIfTheClockWasSetBack() throws Exception {
        List<TraitClaim> all = claimAll();
        all.get(0).close();
        clock.advance(Duration.ofDays(-1));
        refusal(NONE, ClaimRequest.of("late"));
        clock.advance(Duration.ofSeconds(60));
        assertEquals(63, claims.claim(NONE, ClaimRequest.of("late")).key());
    }

    @Test
    void definedNameGetsItsKeyAndNobodyElseDoes() throws Exception {
        TraitRegistry registry = TraitRegistry.of(List.of(u32("customer_id", 4), u32("tenant", 63)));
        try (TraitClaim defined = claims.claim(registry, ClaimRequest.of("customer_id"));
                TraitClaim other = claims.claim(registry, ClaimRequest.of("other"))) {
            assertEquals(4, defined.key());
            assertEquals(62, other.key());
        }
    }

    @Test
    void definedKeyThatAnotherNameClaimsIsRefused() throws Exception {
        TraitClaim early = claims.claim(NONE, ClaimRequest.of("early"));
        TraitRegistry registry = TraitRegistry.of(List.of(u32("tenant", 63)));
        TraitClaimException e = refusal(registry, ClaimRequest.of("tenant"));
        assertTrue(
                e.getMessage()
                        .startsWith("'tenant' is key 63 by the registry (not in a file), but 'early' has key 63:"
                                + " claimed by pid "),
                e::getMessage);
        // Nor does a further claim of that name make it worse.
        assertTrue(refusal(registry, ClaimRequest.of("early"))
                .getMessage()
                .startsWith("'early' has key 63, which the registry gives to 'tenant': claimed by pid "));
        early.close();
        assertTrue(refusal(registry, ClaimRequest.of("tenant")).getMessage().contains("it rests since 2026-01-01T"));
        clock.advance(Duration.ofSeconds(60));
        assertEquals(62, claims.claim(registry, ClaimRequest.of("early")).key());
        assertEquals(63, claims.claim(registry, ClaimRequest.of("tenant")).key());
    }

    @Test
    void nameThatIsDefinedLaterMovesOnceItsKeyHasRested() throws Exception {
        TraitClaim early = claims.claim(NONE, ClaimRequest.of("customer_id"));
        TraitRegistry registry = TraitRegistry.of(List.of(u32("customer_id", 4)));
        assertTrue(refusal(registry, ClaimRequest.of("customer_id"))
                .getMessage()
                .startsWith("'customer_id' has key 63, but is key 4 by the registry (not in a file): claimed by pid "));
        early.close();
        refusal(registry, ClaimRequest.of("customer_id"));
        clock.advance(Duration.ofSeconds(60));
        assertEquals(4, claims.claim(registry, ClaimRequest.of("customer_id")).key());
    }

    @Test
    void spanHasConsecutiveKeys() throws Exception {
        TraitClaim one = claims.claim(NONE, ClaimRequest.of("one"));
        TraitClaim span = claims.claim(NONE, ClaimRequest.of("session").span(4));
        assertEquals("one=63", one.toString());
        assertEquals("session=59-62", span.toString());
        assertEquals(
                "session=59-62",
                claims.claim(NONE, ClaimRequest.of("session").span(4)).toString());
        assertTrue(refusal(NONE, ClaimRequest.of("session").span(5))
                .getMessage()
                .startsWith("'session' has keys 59-62, not 5 consecutive keys: claimed by pid "));
        assertTrue(refusal(NONE, ClaimRequest.of("large").span(60))
                .getMessage()
                .startsWith("no 60 consecutive keys are free for 'large'"));
        TraitRegistry registry = TraitRegistry.of(List.of(TraitDefinition.ofSpan("blob", 8, 11)));
        assertEquals(
                "blob=8-11", claims.claim(registry, ClaimRequest.of("blob")).toString());
    }

    @Test
    void threadsRacingForNamesNeverShareAKey() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(8);
        Set<Integer> keys = ConcurrentHashMap.newKeySet();
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            ClaimRequest request = ClaimRequest.of("name" + i);
            // Each with an object of its own, as libraries that know nothing of each other would.
            tasks.add(() -> keys.add(new TraitClaims(dir, Duration.ZERO, clock)
                    .claim(NONE, request)
                    .key()));
        }
        for (Future<Boolean> isNew : executor.invokeAll(tasks)) {
            assertTrue(isNew.get());
        }
        executor.shutdown();
        assertEquals(40, claims.holders().size());
    }

    @Test
    void interruptNeitherFailsAClaimNorEndsTheOthers() throws Exception {
        TraitClaim early = claims.claim(NONE, ClaimRequest.of("early"));
        Thread.currentThread().interrupt();
        TraitClaim claim = claims.claim(NONE, ClaimRequest.of("customer_id"));
        assertTrue(Thread.interrupted());
        assertEquals(2, claims.holders().size());
        Thread.currentThread().interrupt();
        claim.close();
        assertTrue(Thread.interrupted());
        assertEquals(
                List.of("early"),
                claims.holders().stream().map(ClaimHolder::name).toList());
        early.close();
    }

    @Test
    void closingTwiceEndsOneClaim() throws Exception {
        TraitClaim first = claims.claim(NONE, ClaimRequest.of("customer_id"));
        TraitClaim second = claims.claim(NONE, ClaimRequest.of("customer_id"));
        first.close();
        first.close();
        assertEquals(1, claims.holders().size());
        second.close();
    }

    @Test
    void damagedTableIsRefusedByName() throws Exception {
        claims.claim(NONE, ClaimRequest.of("customer_id")).close();
        Files.writeString(dir.resolve("claims"), "pkttraits-claims 1\nkey 4 64 x -\n");
        assertEquals(
                dir.resolve("claims")
                        + " is damaged, remove it once nobody claims: line 2: keys out of range, or given twice",
                refusal(NONE, ClaimRequest.of("customer_id")).getMessage());
    }

    @Test
    void claimEndsWhereTheTableCannotSaySo() throws Exception {
        TraitClaim claim = claims.claim(NONE, ClaimRequest.of("customer_id").exclusively());
        String table = Files.readString(dir.resolve("claims"));
        Files.writeString(dir.resolve("claims"), "damaged");
        claim.close();
        Files.writeString(dir.resolve("claims"), table);
        claims.claim(NONE, ClaimRequest.of("customer_id").exclusively()).close();
    }

    @Test
    void lockFileThatWasReplacedIsTakenAnew() throws Exception {
        TraitClaim lost = claims.claim(NONE, ClaimRequest.of("customer_id"));
        Files.delete(dir.resolve("lock"));
        assertEquals(List.of(), claims.holders());
        TraitClaim claim = claims.claim(NONE, ClaimRequest.of("tenant").exclusively());
        refusal(NONE, ClaimRequest.of("tenant"));
        lost.close();
        claim.close();
    }

    @Test
    void wrongRequestsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> ClaimRequest.of("../x"));
        assertThrows(IllegalArgumentException.class, () -> ClaimRequest.of("a b"));
        assertThrows(IllegalArgumentException.class, () -> ClaimRequest.of("x").span(0));
        assertThrows(IllegalArgumentException.class, () -> ClaimRequest.of("x").span(65));
        assertThrows(IllegalArgumentException.class, () -> new TraitClaims(dir, Duration.ofSeconds(-1), clock));
    }

    private List<TraitClaim> claimAll() throws IOException {
        List<TraitClaim> all = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            all.add(claims.claim(NONE, ClaimRequest.of("name" + i)));
        }
        return all;
    }

    private TraitClaimException refusal(TraitRegistry registry, ClaimRequest request) {
        return assertThrows(TraitClaimException.class, () -> claims.claim(registry, request));
    }

    private static TraitDefinition u32(String name, int key) {
        return TraitDefinition.of(name, key, TraitType.U32);
    }

    private static final class SettableClock extends Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        void advance(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }
}
