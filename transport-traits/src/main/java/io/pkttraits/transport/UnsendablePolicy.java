// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

/**
 * What {@link ConnectTraitsHandler} does with a connect whose traits cannot be sent, and a datagram channel with such a write
 * ({@link io.pkttraits.transport.datagram.TraitsDatagramChannelOption#UNSENDABLE_POLICY}).
 */
public enum UnsendablePolicy {
    /** Fail the future with a {@link TraitsException}. */
    FAIL,
    /**
     * Connect or write without any traits, count {@link TraitsCounter#CONNECT_DROPPED} or {@link
     * TraitsCounter#DATAGRAM_DROPPED}. Never with a part of the set: if the kernel took a part before it refused the
     * rest, the connect fails all the same.
     */
    DROP
}
