// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Gives keys to names among the processes of a host that use one directory, without a daemon and without the kernel's
 * knowing of names.
 *
 * <p>The first process that claims a name gets a free key, all further ones the same key. A claim ends when it is
 * closed or its process ends, by whatever means: it is a lock of the kernel's. When a name's last claim has ended its
 * key rests, since packets that carry it may still be about; that begins when it is closed, or somebody notices that
 * its process has ended. The name itself may come back to its key at any time; another name gets the key once it has
 * rested, and not as long as there are keys that nobody had. Keys that a registry defines go to the names that it
 * defines alone.
 *
 * <p>Time is the wall clock. If it is set back, keys rest from then on; if it is set ahead, they rest for shorter.
 *
 * <p>Safe to share between threads. A claim reads and writes small files, and waits for others that claim, for 10 s at
 * most; so it belongs to a program's start, and not on an event loop. An interrupt does not end the waiting. The JVM
 * keeps one file open for each directory for good; nothing else in it may open and close that file, called {@code
 * lock}, or the kernel ends all its claims.
 */
public final class TraitClaims {
    /** How long a key rests unless told otherwise. */
    public static final Duration DEFAULT_REST = Duration.ofSeconds(60);

    private static final InternalLogger LOG = InternalLoggerFactory.getInstance(TraitClaims.class);
    private static final Duration LONGEST_REST = Duration.ofDays(365);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private final Path directory;
    private final Duration rest;
    private final Clock clock;
    private final ClaimFile file;

    /**
     * Claims in a directory, which is made when it is first needed.
     *
     * @param directory not writable by everybody; if its group may write to it, its group's processes may claim
     * @param rest how long a key rests before another name gets it, at most 365 days; that of the process which claims
     *     counts
     */
    public TraitClaims(Path directory, Duration rest, Clock clock) {
        if (rest.isNegative() || rest.compareTo(LONGEST_REST) > 0) {
            throw new IllegalArgumentException("a rest of " + rest + ", not one of 0 to " + LONGEST_REST);
        }
        this.directory = directory;
        this.rest = rest;
        this.clock = Objects.requireNonNull(clock, "clock");
        file = new ClaimFile(directory);
    }

    /**
     * Claims of this host: in {@code -Dio.pkttraits.runtimeDirectory}; else in {@code /run/pkttraits} if this process
     * may write to it or make it; else in {@code $XDG_RUNTIME_DIR/pkttraits}, among the processes of this user alone.
     *
     * @throws TraitClaimException if there is none of them
     */
    public static TraitClaims ofHost() throws TraitClaimException {
        return new TraitClaims(RuntimeDirectory.choose(), DEFAULT_REST, Clock.systemUTC());
    }

    /**
     * Claims a name.
     *
     * @param registry whose names have the keys that it says, and whose keys other names do not get
     * @throws TraitClaimException if others' claims are in the way, no key is free, or the directory cannot be used
     */
    public TraitClaim claim(TraitRegistry registry, ClaimRequest request) throws TraitClaimException {
        return locked("cannot claim '" + request.name() + "' in ", lock -> claim(lock, registry, request));
    }

    /** Who claims what at this moment; those that have ended are not there. */
    public List<ClaimHolder> holders() throws TraitClaimException {
        return locked(
                "cannot read the claims in ",
                lock -> current(lock).claims.stream()
                        .map(ClaimTable.Claim::holder)
                        .toList());
    }

    private interface Work<T> {
        T apply(ClaimLock lock) throws IOException;
    }

    private <T> T locked(String failure, Work<T> work) throws TraitClaimException {
        try {
            RuntimeDirectory.prepare(directory);
            ClaimLock lock = ClaimLock.of(directory);
            FileLock held = lock.lock(LONGEST_WAIT);
            try {
                return work.apply(lock);
            } finally {
                lock.unlock(held);
            }
        } catch (TraitClaimException e) {
            throw e;
        } catch (IOException e) {
            throw new TraitClaimException(failure + directory + ": " + e, e);
        }
    }

    private TraitClaim claim(ClaimLock lock, TraitRegistry registry, ClaimRequest request) throws IOException {
        ClaimTable table = current(lock);
        List<ClaimHolder> others = table.holdersOf(request.name());
        if (!others.isEmpty() && (request.isExclusive() || others.stream().anyMatch(ClaimHolder::isExclusive))) {
            throw new TraitClaimException(
                    "'" + request.name() + "' is in use" + (request.isExclusive() ? "" : " exclusively"), others);
        }
        ClaimTable.Keys keys = keys(table, registry, request);
        table.put(keys);
        ClaimLock.Slot slot = acquire(lock, table);
        try {
            table.claims.add(new ClaimTable.Claim(
                    slot.number(),
                    new ClaimHolder(request.name(), request.isExclusive(), OwnProcess.PID, OwnProcess.COMMAND, now())));
            file.write(table);
        } catch (IOException | RuntimeException e) {
            slot.lock().release();
            throw e;
        }
        return new TraitClaim(this, lock, slot, keys, request.isExclusive());
    }

    /**
     * The table without the claims that have ended; written back if there were any, so that their keys' rest begins.
     */
    private ClaimTable current(ClaimLock lock) throws IOException {
        ClaimTable table = file.read();
        boolean changed = false;
        for (ClaimTable.Claim claim : List.copyOf(table.claims)) {
            if (!lock.isHeld(claim.slot())) {
                table.remove(claim.slot());
                changed = true;
            }
        }
        changed |= table.settle(now());
        if (changed) {
            file.write(table);
        }
        return table;
    }

    private ClaimTable.Keys keys(ClaimTable table, TraitRegistry registry, ClaimRequest request)
            throws TraitClaimException {
        String name = request.name();
        KeyChoice choice = new KeyChoice(registry, table, rest, now());
        ClaimTable.Keys old = table.keysOf(name);
        TraitDefinition definition = registry.get(name);
        if (definition != null) {
            return defined(table, choice, definition, old);
        }
        if (old == null) {
            return choice.choose(name, request.keys());
        }
        boolean fits = old.lastKey() - old.firstKey() + 1 == request.keys();
        long others = registry.keys() & old.mask();
        if (fits && others == 0) {
            return old.freedAt(null);
        }
        String want = fits
                ? ", which the registry gives to '" + registry.label(Long.numberOfTrailingZeros(others)) + "'"
                : ", not " + request.keys() + " consecutive keys";
        refuseUnlessFree(table, choice, old, "'" + name + "' has " + old.text() + want);
        table.keys.remove(old);
        return choice.choose(name, request.keys());
    }

    /** The keys that the registry says, unless they are another name's still. */
    private static ClaimTable.Keys defined(
            ClaimTable table, KeyChoice choice, TraitDefinition definition, ClaimTable.Keys old)
            throws TraitClaimException {
        ClaimTable.Keys wanted =
                new ClaimTable.Keys(definition.firstKey(), definition.lastKey(), definition.name(), null);
        String rule = wanted.text() + " by the registry (" + definition.whereText() + ")";
        if (old != null && old.mask() != wanted.mask()) {
            refuseUnlessFree(table, choice, old, "'" + wanted.name() + "' has " + old.text() + ", but is " + rule);
        }
        Predicate<ClaimTable.Keys> isInTheWay =
                keys -> !keys.name().equals(wanted.name()) && (keys.mask() & wanted.mask()) != 0;
        for (ClaimTable.Keys keys : table.keys) {
            if (isInTheWay.test(keys)) {
                String why = "'" + wanted.name() + "' is " + rule + ", but '" + keys.name() + "' has " + keys.text();
                refuseUnlessFree(table, choice, keys, why);
            }
        }
        table.keys.removeIf(isInTheWay);
        return wanted;
    }

    /** Refuses while the keys are claimed or rest. */
    private static void refuseUnlessFree(ClaimTable table, KeyChoice choice, ClaimTable.Keys keys, String why)
            throws TraitClaimException {
        if (keys.freed() == null) {
            throw new TraitClaimException(why, table.holdersOf(keys.name()));
        }
        if (choice.rests(keys)) {
            throw new TraitClaimException(why + ": nobody claims it, but it rests since " + keys.freed());
        }
    }

    private static ClaimLock.Slot acquire(ClaimLock lock, ClaimTable table) throws IOException {
        for (int slot = 0; slot < ClaimTable.MAX_CLAIMS; slot++) {
            ClaimLock.Slot acquired = table.hasSlot(slot) ? null : lock.tryAcquire(slot);
            if (acquired != null) {
                return acquired;
            }
        }
        throw new TraitClaimException("there are " + ClaimTable.MAX_CLAIMS + " claims already");
    }

    void release(TraitClaim claim, ClaimLock lock, ClaimLock.Slot slot) {
        try {
            FileLock held = lock.lock(LONGEST_WAIT);
            try {
                ClaimTable table = file.read();
                table.remove(slot.number());
                table.settle(now());
                file.write(table);
            } finally {
                // While we keep others out: the slot must not be somebody's before the table says that it is nobody's.
                slot.lock().release();
                lock.unlock(held);
            }
        } catch (IOException e) {
            LOG.warn("claim {} ends, but {} does not say so", claim, directory, e);
            releaseAnyway(slot);
        }
    }

    private void releaseAnyway(ClaimLock.Slot slot) {
        try {
            slot.lock().release();
        } catch (IOException e) {
            LOG.warn("cannot unlock a claim in {}", directory, e);
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
