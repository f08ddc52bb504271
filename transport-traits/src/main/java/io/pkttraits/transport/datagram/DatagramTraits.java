// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.PacketTraits;
import io.pkttraits.transport.internal.carrier.DatagramCarrierChoice;

/**
 * Tells whether this process can read and send the traits of datagrams, and what carries them.
 *
 * <p>Needs Netty 4.2. Found once, when this class is first used, on sockets of its own: a kernel with the RFC's {@code SCM_PKT_TRAITS},
 * else IP options. The system properties of {@link PacketTraits} apply, and {@code io.pkttraits.SO_RCV_PKT_TRAITS} and
 * {@code io.pkttraits.SCM_PKT_TRAITS}, the numbers that the carrier {@code kernel} looks for, 82 and 83 unless told
 * otherwise. Thread-safe.
 */
public final class DatagramTraits {
    private static final DatagramCarrierChoice CHOICE = DatagramCarrierChoice.current();

    private DatagramTraits() {}

    /** Whether traits can be read and sent. */
    public static boolean isAvailable() {
        return CHOICE.unavailability() == null;
    }

    /**
     * Makes sure that traits can be read and sent.
     *
     * @throws UnsupportedOperationException if not; the message says what is missing and what would help
     */
    public static void ensureAvailability() {
        Throwable cause = CHOICE.unavailability();
        if (cause != null) {
            throw new UnsupportedOperationException(
                    "traits of datagrams are not available: " + cause.getMessage(), cause);
        }
    }

    /** What is missing to read and send traits, and what would help, or {@code null} if nothing is missing. */
    public static Throwable unavailabilityCause() {
        return CHOICE.unavailability();
    }

    /** What carries the traits of datagrams in this process; {@link CarrierType#NONE} if nothing does. */
    public static CarrierType carrier() {
        return CHOICE.carrier().type();
    }
}
