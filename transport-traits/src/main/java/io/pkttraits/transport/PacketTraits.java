// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.util.AttributeKey;
import io.pkttraits.Traits;
import io.pkttraits.transport.internal.carrier.CarrierChoice;

/**
 * Returns the traits of any connection, and whether this process can read and send the traits of TCP connections. Datagrams and
 * QUIC have a carrier of their own: {@link io.pkttraits.transport.datagram.DatagramTraits}.
 *
 * <p>The first use of the carrier finds it, once for the process: a kernel with the RFC's API, otherwise the BPF programs of {@code
 * traits-bpf} on the cgroup of the process, otherwise IP options. The carrier is then logged at {@code INFO}. These system properties
 * are read at that moment:
 *
 * <ul>
 *   <li>{@code io.pkttraits.carrier}: {@code auto} (default), {@code kernel}, {@code bpf}, {@code ip-option} or {@code
 *       none}. If the named carrier is not available, no other one is used
 *   <li>{@code io.pkttraits.trust}: CIDRs, separated by commas, whose traits the carrier {@code ip-option} accepts in
 *       addition to those of loopback
 *   <li>{@code io.pkttraits.TCP_SAVE_SYN_TRAITS}, {@code io.pkttraits.TCP_SYN_TRAITS}: option numbers of the carrier
 *       {@code kernel}, by default 44 and 45
 * </ul>
 *
 * <p>A property that begins with {@code io.pkttraits.} and is unknown, or has a value that makes no sense, is logged at {@code WARN} and
 * counted ({@link TraitsCounter#PROPERTY_INVALID}). Names that begin with {@code io.pkttraits.test.}, {@code .soak.}, {@code .bench.} or
 * {@code .demo.} are free for programs.
 *
 * <p>Thread-safe. Finding the carrier opens and closes sockets of its own and touches no others.
 */
public final class PacketTraits {
    /**
     * The traits that a connection came with, on its channel. {@link SynTraits} puts those of the SYN there, QUIC those of the
     * datagram that opened the connection. A test, or a gateway that learned traits in another way, sets the attribute itself:
     * {@code new EmbeddedChannel().attr(PacketTraits.TRAITS).set(traits)}. The traits that a connection of this process shall send
     * are in another attribute, {@link ConnectTraitsHandler#TRAITS}.
     */
    public static final AttributeKey<Traits> TRAITS = AttributeKey.valueOf(PacketTraits.class, "TRAITS");

    private PacketTraits() {}

    /**
     * Returns the traits that the connection under a channel came with: those that {@link #TRAITS} has on the channel or the
     * nearest of its parents, otherwise those of the SYN of an accepted TCP connection ({@link SynTraits#of}). {@link Traits#EMPTY}
     * if there are none, and on connections that this process opened. If traits could have been there and are not, {@link
     * TraitsCounter} has the cause.
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
            if (c.parent() instanceof DatagramChannel) {
                TraitsCounter.QUIC_UNASSOCIATED.incrementAndLogFirst(c, null);
                c.attr(TRAITS).set(Traits.EMPTY); // Counted once for each connection.
            }
        }
        return Traits.EMPTY;
    }

    /** Returns whether the traits of TCP connections can be read and sent. */
    public static boolean isAvailable() {
        return CarrierChoice.current().unavailability() == null;
    }

    /**
     * Returns whether traits can at least be read. The carrier {@code ip-option} reads without a privilege and needs one to
     * send. True whenever {@link #isAvailable()} is true.
     */
    public static boolean isReceiveAvailable() {
        return CarrierChoice.current().receiveUnavailability() == null;
    }

    /**
     * Makes sure that traits can be read and sent.
     *
     * @throws UnsupportedOperationException if not; the message says what is missing and what would help
     */
    public static void ensureAvailability() {
        Throwable cause = CarrierChoice.current().unavailability();
        if (cause != null) {
            throw new UnsupportedOperationException("packet traits are not available: " + cause.getMessage(), cause);
        }
    }

    /** Returns what is missing to read and send traits, and what would help; {@code null} if nothing is missing. */
    public static Throwable unavailabilityCause() {
        return CarrierChoice.current().unavailability();
    }

    /** Returns what carries traits in this process, {@link CarrierType#NONE} if nothing does. */
    public static CarrierType carrier() {
        return CarrierChoice.current().carrier().type();
    }
}
