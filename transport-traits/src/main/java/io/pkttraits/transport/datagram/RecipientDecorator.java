// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.pkttraits.Traits;
import java.net.InetSocketAddress;

/**
 * Chooses the address that a received datagram has as its recipient, so that a codec which keeps a datagram's addresses and
 * nothing else of it can be told the traits. Called on the channel's event loop for each datagram.
 *
 * @see TraitsDatagramChannelOption#RECIPIENT_DECORATOR
 */
@FunctionalInterface
public interface RecipientDecorator {
    /** Leaves the address as it is. */
    RecipientDecorator NONE = (recipient, traits) -> recipient;

    /**
     * Returns an address that equals {@code recipient}.
     *
     * @param traits of the datagram; {@link Traits#EMPTY} if it has none
     */
    InetSocketAddress decorate(InetSocketAddress recipient, Traits traits);
}
