// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

/**
 * What happens if traits cannot be sent: to a connect ({@link ConnectTraitsHandler}), or to a write on a datagram channel ({@link
 * io.pkttraits.transport.datagram.TraitsDatagramChannelOption#UNSENDABLE_POLICY}).
 */
public enum UnsendablePolicy {
    /** Fail the future with a {@link TraitsException}. */
    FAIL,
    /**
     * Connect or write without any traits, and count {@link TraitsCounter#CONNECT_DROPPED} or {@link
     * TraitsCounter#DATAGRAM_DROPPED}. A part of the trait set is never sent: if the kernel accepted some traits before it refused
     * another one, the connect fails despite this policy.
     */
    DROP
}
