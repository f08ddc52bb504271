// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import io.netty.util.AttributeKey;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.pkttraits.Traits;
import io.pkttraits.transport.internal.carrier.CarrierChoice;

/**
 * Tells whether this process can read and send packet traits, and what carries them.
 *
 * <p>The carrier is found once, when this class is first used: a kernel with the RFC's API, else the BPF polyfill on
 * the cgroup of the process, else IP options. System properties, read at that moment:
 *
 * <ul>
 *   <li>{@code io.pkttraits.carrier}: {@code auto} (default), {@code kernel}, {@code bpf}, {@code ip-option} or {@code
 *       none}: that one or nothing
 *   <li>{@code io.pkttraits.trust}: from whom the carrier {@code ip-option} takes traits: loopback,
 *       and these CIDRs, separated by commas
 *   <li>{@code io.pkttraits.TCP_SAVE_SYN_TRAITS}, {@code io.pkttraits.TCP_SYN_TRAITS}: option numbers of the carrier
 *       {@code kernel}, 44 and 45 unless told otherwise
 * </ul>
 *
 * <p>Thread-safe. The finding opens and closes sockets of its own and touches no others.
 */
public final class PacketTraits {
    private static final InternalLogger logger = InternalLoggerFactory.getInstance(PacketTraits.class);

    /**
     * The traits with which a connection began, on its channel: {@link SynTraits} puts those of the SYN there, QUIC those of the
     * datagram that opened the connection. A test, or a gateway that learned traits in another way, sets it itself.
     */
    public static final AttributeKey<Traits> TRAITS = AttributeKey.valueOf(PacketTraits.class, "TRAITS");

    private static final CarrierChoice CHOICE = CarrierChoice.current();

    static {
        Throwable cause = CHOICE.unavailability();
        logger.debug("Packet traits carrier: {}{}", CHOICE.carrier().type(), cause == null ? "" : " (" + cause + ")");
    }

    private PacketTraits() {}

    /**
     * Returns the traits with which the connection under a channel began: those that {@link #TRAITS} has on the channel or the
     * nearest of its parents, otherwise those of the SYN of an accepted TCP connection ({@link SynTraits#of}). {@link Traits#EMPTY}
     * if there are none, and on connections that this process opened.
     *
     * <p>May be called from any thread, with the restriction of {@link SynTraits#of}.
     *
     * @param channel the connection's, or one above it: a {@code QuicStreamChannel}, an {@code Http2StreamChannel}
     */
    public static Traits of(Channel channel) {
        for (Channel c = channel; c != null; c = c.parent()) {
            if (c.hasAttr(TRAITS)) {
                Traits traits = c.attr(TRAITS).get();
                if (traits != null) {
                    return traits;
                }
            }
            if (c.parent() instanceof ServerChannel) {
                return SynTraits.ofAccepted(c);
            }
        }
        return Traits.EMPTY;
    }

    /** Whether traits can be read and sent. */
    public static boolean isAvailable() {
        return CHOICE.unavailability() == null;
    }

    /**
     * Whether traits can at least be read: the carrier {@code ip-option} reads without a privilege and needs one to
     * send. True whenever {@link #isAvailable()} is.
     */
    public static boolean isReceiveAvailable() {
        return CHOICE.receiveUnavailability() == null;
    }

    /**
     * Makes sure that traits can be read and sent.
     *
     * @throws UnsupportedOperationException if not; the message says what is missing and what would help
     */
    public static void ensureAvailability() {
        Throwable cause = CHOICE.unavailability();
        if (cause != null) {
            throw new UnsupportedOperationException("packet traits are not available: " + cause.getMessage(), cause);
        }
    }

    /** What is missing to read and send traits, and what would help, or {@code null} if nothing is missing. */
    public static Throwable unavailabilityCause() {
        return CHOICE.unavailability();
    }

    /** What carries traits in this process; {@link CarrierType#NONE} if nothing does. */
    public static CarrierType carrier() {
        return CHOICE.carrier().type();
    }
}
