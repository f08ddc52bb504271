// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.quic;

import io.pkttraits.Traits;
import java.net.InetSocketAddress;

/**
 * The address that a datagram was sent to, with the datagram's traits. It equals the address without traits.
 *
 * <p>Netty's QUIC codec stores a datagram's addresses in the {@code QuicChannel} that it found for the datagram. So traits
 * on an address reach the same connection as the datagram, even if connection IDs and ports have changed.
 */
final class RecipientWithTraits extends InetSocketAddress {
    private static final long serialVersionUID = 1L;

    private final transient InetSocketAddress plain;
    private final transient Traits traits;

    RecipientWithTraits(InetSocketAddress plain, Traits traits) {
        super(plain.getAddress(), plain.getPort());
        this.plain = plain;
        this.traits = traits;
    }

    Traits traits() {
        return traits;
    }

    @SuppressWarnings("ReferenceEquality") // equal IPv6 addresses may differ in their scope
    boolean isOf(InetSocketAddress address, Traits others) {
        return plain == address && traits.equals(others);
    }

    private Object writeReplace() {
        return plain;
    }
}
