// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import java.io.Closeable;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A name that this process holds, until it closes the claim or ends, however it ends. Safe to share between threads.
 */
public final class TraitClaim implements Closeable {
    private final TraitClaims claims;
    private final ClaimLock lock;
    private final ClaimLock.Slot slot;
    private final ClaimTable.Keys keys;
    private final boolean isExclusive;
    private final AtomicBoolean closed = new AtomicBoolean();

    TraitClaim(TraitClaims claims, ClaimLock lock, ClaimLock.Slot slot, ClaimTable.Keys keys, boolean isExclusive) {
        this.claims = claims;
        this.lock = lock;
        this.slot = slot;
        this.keys = keys;
        this.isExclusive = isExclusive;
    }

    /** What was claimed. */
    public String name() {
        return keys.name();
    }

    /** The key; of a span the first one. */
    public int key() {
        return keys.firstKey();
    }

    /** The last key of a span, this one included; otherwise the key again. */
    public int lastKey() {
        return keys.lastKey();
    }

    /** Whether nobody else has the name. */
    public boolean isExclusive() {
        return isExclusive;
    }

    /**
     * Gives the name back. If this was its last claim the key rests from now on. It waits for other processes that
     * claim at this moment; should the directory be unusable, the claim ends nevertheless, and others find out later.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            claims.release(this, lock, slot);
        }
    }

    /** {@code customer_id=4}, or {@code session=8-11}. */
    @Override
    public String toString() {
        return name() + "=" + key() + (lastKey() == key() ? "" : "-" + lastKey());
    }
}
