// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.pkttraits.codec.Traits;
import java.net.InetSocketAddress;

/**
 * The latest {@link TraitsSocketAddress}es of a datagram channel, so that a datagram with traits seen lately costs none.
 * For one thread at a time.
 */
final class TraitsSocketAddresses {
    private static final int SIZE = 256;

    private final TraitsSocketAddress[] addresses = new TraitsSocketAddress[SIZE];

    TraitsSocketAddress get(InetSocketAddress plain, Traits traits) {
        int hash = traits.hashCode();
        int slot = (hash ^ hash >>> 8 ^ hash >>> 16 ^ hash >>> 24) & SIZE - 1;
        TraitsSocketAddress known = addresses[slot];
        if (known != null && known.isOf(plain, traits)) {
            return known;
        }
        TraitsSocketAddress created = new TraitsSocketAddress(plain, traits);
        addresses[slot] = created;
        return created;
    }
}
