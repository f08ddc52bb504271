// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.PacketTraits;
import io.pkttraits.transport.internal.carrier.DatagramCarrierChoice;

/**
 * Returns whether this process can read and send the traits of datagrams, and which carrier it uses.
 *
 * <p>Requires Netty 4.2. The carrier is chosen once, when this class is first used: {@code kernel} if the kernel has the
 * RFC's {@code SCM_PKT_TRAITS}, otherwise {@code ip-option}. Only sockets opened for the test are used.
 *
 * <p>The system properties of {@link PacketTraits} apply. In addition {@code io.pkttraits.SO_RCV_PKT_TRAITS} and {@code
 * io.pkttraits.SCM_PKT_TRAITS} set the option numbers of the carrier {@code kernel}; the defaults are 82 and 83.
 * Thread-safe.
 */
public final class DatagramTraits {
    private static final DatagramCarrierChoice CHOICE = DatagramCarrierChoice.current();

    private DatagramTraits() {}

    /** Returns true if traits can be read and sent. */
    public static boolean isAvailable() {
        return CHOICE.unavailability() == null;
    }

    /**
     * Throws unless traits can be read and sent.
     *
     * @throws UnsupportedOperationException with a message that says what is missing and what would help
     */
    public static void ensureAvailability() {
        Throwable cause = CHOICE.unavailability();
        if (cause != null) {
            throw new UnsupportedOperationException(
                    "traits of datagrams are not available: " + cause.getMessage(), cause);
        }
    }

    /** Returns what is missing to read and send traits, and what would help. {@code null} if nothing is missing. */
    public static Throwable unavailabilityCause() {
        return CHOICE.unavailability();
    }

    /** Returns the carrier of this process's datagrams, {@link CarrierType#NONE} if there is none. */
    public static CarrierType carrier() {
        return CHOICE.carrier().type();
    }
}
