// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.channel.socket.DatagramPacket;
import io.pkttraits.Traits;
import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.PacketTraits;
import io.pkttraits.transport.internal.carrier.DatagramCarrierChoice;

/**
 * Returns the traits of a datagram, and whether this process can read and send such traits.
 *
 * <p>Requires Netty 4.2. The carrier is found once, on sockets of its own, when a method other than {@link #of} is first called
 * or a channel with traits is first opened: a kernel with the RFC's {@code SCM_PKT_TRAITS}, else IP options. The carrier is
 * logged at {@code INFO} then. The system properties of {@link PacketTraits} apply, and {@code io.pkttraits.SO_RCV_PKT_TRAITS}
 * and {@code io.pkttraits.SCM_PKT_TRAITS}: the option numbers of the carrier {@code kernel}, by default 82 and 83. Thread-safe.
 */
public final class DatagramTraits {
    private DatagramTraits() {}

    /**
     * Returns the traits of a received packet, or those that a packet to be sent has. The packet's reference count stays as it
     * is, and its content is not looked at.
     *
     * @param packet any packet; only a {@link TraitsDatagramPacket} and a {@link TraitsSegmentedDatagramPacket} have traits
     * @return the traits, {@link Traits#EMPTY} for any other packet
     */
    public static Traits of(DatagramPacket packet) {
        return OutboundFilter.traits(packet);
    }

    /** Returns true if traits can be read and sent. */
    public static boolean isAvailable() {
        return unavailabilityCause() == null;
    }

    /**
     * Returns true if traits can at least be read. The carrier {@code ip-option} reads without a privilege and needs one to
     * send. True whenever {@link #isAvailable()} is true.
     */
    public static boolean isReceiveAvailable() {
        return carrier() != CarrierType.NONE;
    }

    /**
     * Throws unless traits can be read and sent.
     *
     * @throws UnsupportedOperationException with a message that says what is missing and what would help
     */
    public static void ensureAvailability() {
        Throwable cause = unavailabilityCause();
        if (cause != null) {
            throw new UnsupportedOperationException(
                    "traits of datagrams are not available: " + cause.getMessage(), cause);
        }
    }

    /** Returns what is missing to read and send traits, and what would help. {@code null} if nothing is missing. */
    public static Throwable unavailabilityCause() {
        return DatagramCarrierChoice.current().unavailability();
    }

    /** Returns the carrier of this process's datagrams, {@link CarrierType#NONE} if there is none. */
    public static CarrierType carrier() {
        return DatagramCarrierChoice.current().carrier().type();
    }
}
