// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.pkttraits.Traits;
import java.net.InetSocketAddress;

/**
 * Chooses the recipient address of each received datagram. Some codecs keep only the addresses of a datagram, so an address
 * can carry the traits through them. Called on the channel's event loop.
 *
 * @see TraitsDatagramChannelOption#RECIPIENT_DECORATOR
 */
@FunctionalInterface
public interface RecipientDecorator {
    /** Returns the address unchanged. */
    RecipientDecorator NONE = (recipient, traits) -> recipient;

    /**
     * Returns an address that equals {@code recipient}.
     *
     * @param traits of the datagram; {@link Traits#EMPTY} if it has none
     */
    InetSocketAddress decorate(InetSocketAddress recipient, Traits traits);
}
