// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.pkttraits.Traits;
import java.net.InetSocketAddress;

/**
 * The latest {@link TraitsSocketAddress}es of a datagram channel, so that a datagram with traits seen lately costs none.
 * For one thread at a time.
 */
final class TraitsSocketAddresses implements RecipientDecorator {
    /** Pairs of slots, for sets of traits whose hashes collide. */
    static final int SIZE = 512;

    /** Spreads hashes by multiplication: the bits of the golden ratio. */
    private static final int SPREAD = 0x9e3779b9;

    private static final int SHIFT = Integer.SIZE - Integer.numberOfTrailingZeros(SIZE);

    private final TraitsSocketAddress[] addresses = new TraitsSocketAddress[SIZE];

    @Override
    public TraitsSocketAddress decorate(InetSocketAddress plain, Traits traits) {
        int slot = ((traits.hashCode() * SPREAD) >>> SHIFT) & ~1;
        TraitsSocketAddress first = addresses[slot];
        if (first != null && first.isOf(plain, traits)) {
            return first;
        }
        TraitsSocketAddress second = addresses[slot + 1];
        if (second != null && second.isOf(plain, traits)) {
            return second;
        }
        TraitsSocketAddress created = new TraitsSocketAddress(plain, traits);
        addresses[slot] = created;
        addresses[slot + 1] = first;
        return created;
    }
}
