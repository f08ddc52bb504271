// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.quic;

import io.pkttraits.Traits;
import io.pkttraits.transport.datagram.RecipientDecorator;
import java.net.InetSocketAddress;

/**
 * Keeps the latest {@link RecipientWithTraits}es of a datagram channel, so that a datagram with recent traits allocates none.
 * For one thread at a time.
 */
final class RecipientCache implements RecipientDecorator {
    /** Pairs of slots, for sets of traits whose hashes collide. */
    static final int SIZE = 512;

    /** Spreads hashes by multiplication: the bits of the golden ratio. */
    private static final int SPREAD = 0x9e3779b9;

    private static final int SHIFT = Integer.SIZE - Integer.numberOfTrailingZeros(SIZE);

    private final RecipientWithTraits[] addresses = new RecipientWithTraits[SIZE];

    @Override
    public RecipientWithTraits decorate(InetSocketAddress plain, Traits traits) {
        int slot = ((traits.hashCode() * SPREAD) >>> SHIFT) & ~1;
        RecipientWithTraits first = addresses[slot];
        if (first != null && first.isOf(plain, traits)) {
            return first;
        }
        RecipientWithTraits second = addresses[slot + 1];
        if (second != null && second.isOf(plain, traits)) {
            return second;
        }
        RecipientWithTraits created = new RecipientWithTraits(plain, traits);
        addresses[slot] = created;
        addresses[slot + 1] = first;
        return created;
    }
}
