// SPDX-License-Identifier: Apache-2.0
package io.pkttraits;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A trait set as part of a pool key, for pools that store only the hash of the pool key. If two trait sets have the same hash, such a
 * pool confuses them: it sends the requests of one customer over a connection with the traits of another one. The hash of a {@code
 * TraitsKey} is a running number, so two instances have the same hash only after 2<sup>32</sup> instances were made.
 *
 * <p>{@link #of} returns the same instance for equal trait sets while that instance is reachable, so {@code ==} and {@code equals} give
 * the same result. The pool, or another part of the application, must hold a reference to the instance. When the instance is no longer
 * reachable, the next {@code of} makes a new one with a new hash.
 *
 * <p>Safe to share between threads.
 */
public final class TraitsKey {
    private static final ConcurrentMap<Holder, Interned> TABLE = new ConcurrentHashMap<>();
    private static final ReferenceQueue<TraitsKey> UNREACHABLE = new ReferenceQueue<>();
    private static final AtomicInteger NEXT = new AtomicInteger();

    /** More than one, so that the table shrinks; few, so that no call pays for all keys of a minute ago. */
    private static final int REMOVED_PER_CALL = 4;

    private final Traits traits;
    private final int number = NEXT.incrementAndGet();

    private TraitsKey(Traits traits) {
        this.traits = traits;
    }

    /**
     * Returns the key of a trait set: the same instance as for every equal trait set, while that instance is reachable.
     *
     * <p>The cost is that of a look-up in a concurrent map, with one small object allocated; a new key takes about 150 bytes
     * until it is unreachable. Reads take no lock. Call it once for each connection or pool rather than for each request.
     *
     * <p>Entries of unreachable keys are removed during later calls, a few in each.
     */
    public static TraitsKey of(Traits traits) {
        removeUnreachable();
        Interned known = TABLE.get(new Wanted(traits));
        TraitsKey key = known == null ? null : known.get();
        return key == null ? intern(new TraitsKey(traits)) : key;
    }

    private static TraitsKey intern(TraitsKey fresh) {
        Interned entry = new Interned(fresh);
        while (true) {
            Interned other = TABLE.putIfAbsent(entry, entry);
            TraitsKey key = other == null ? fresh : other.get();
            if (key != null) {
                return key;
            }
            // It became unreachable between the two steps.
            TABLE.remove(other, other);
        }
    }

    private static void removeUnreachable() {
        for (int i = 0; i < REMOVED_PER_CALL; i++) {
            Reference<? extends TraitsKey> unreachable = UNREACHABLE.poll();
            if (unreachable == null) {
                return;
            }
            TABLE.remove(unreachable);
        }
    }

    /** Entries, those of unreachable keys that are yet to be removed included. */
    static int interned() {
        return TABLE.size();
    }

    /** The trait set. */
    public Traits traits() {
        return traits;
    }

    /** Returns true for this instance only, which is the only one of its trait set. */
    @Override
    public boolean equals(Object o) {
        return this == o;
    }

    /** Returns the running number of this key, which belongs to this process only. */
    @Override
    public int hashCode() {
        return number;
    }

    /** Returns {@link Traits#toString()}. */
    @Override
    public String toString() {
        return traits.toString();
    }

    /** What the table is searched by: a hash, and a trait set unless its key is unreachable. */
    private interface Holder {
        Traits traits();

        static boolean areEqual(Holder one, Object other) {
            if (one == other) {
                return true;
            }
            Traits traits = one.traits();
            return traits != null && other instanceof Holder holder && traits.equals(holder.traits());
        }
    }

    /** A trait set whose key is looked up. */
    private record Wanted(Traits traits) implements Holder {
        @Override
        public boolean equals(Object o) {
            return Holder.areEqual(this, o);
        }

        @Override
        public int hashCode() {
            return traits.hashCode();
        }
    }

    /** A key of the table, which it does not keep alive. It equals only itself once its key is unreachable. */
    private static final class Interned extends WeakReference<TraitsKey> implements Holder {
        private final int hash;

        Interned(TraitsKey key) {
            super(key, UNREACHABLE);
            hash = key.traits.hashCode();
        }

        @Override
        public Traits traits() {
            TraitsKey key = get();
            return key == null ? null : key.traits;
        }

        @Override
        public boolean equals(Object o) {
            return Holder.areEqual(this, o);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }
}
