// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.quic;

import io.pkttraits.Traits;
import java.net.InetSocketAddress;

/**
 * The address that a datagram was sent to, equal to the plain one, with the datagram's traits.
 *
 * <p>Netty's QUIC codec keeps a datagram's addresses in the {@code QuicChannel} that it looked up for it. So traits that
 * ride on one of them are where the codec took the datagram itself, whatever happened to connection ids and ports.
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
