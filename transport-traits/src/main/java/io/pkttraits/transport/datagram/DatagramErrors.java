// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.Errors;
import io.pkttraits.Traits;
import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.TraitsCounter;
import io.pkttraits.transport.TraitsException;
import io.pkttraits.transport.UnsendablePolicy;
import io.pkttraits.transport.internal.carrier.Counts;
import io.pkttraits.transport.internal.sys.Errno;
import java.io.IOException;
import java.net.PortUnreachableException;

/** Makes exceptions of what system calls on datagram sockets answer. */
final class DatagramErrors {
    private DatagramErrors() {}

    /**
     * The exception of a failed call.
     *
     * @param errno negative, as system calls answer it
     * @param connected whether the error belongs to the channel's one peer, as ICMP errors then do
     */
    static IOException of(String call, int errno, boolean connected) {
        IOException error = Errors.newIOException(call, errno);
        if (connected && errno == Errors.ERROR_ECONNREFUSED_NEGATIVE) {
            PortUnreachableException unreachable = new PortUnreachableException(error.getMessage());
            unreachable.initCause(error);
            return unreachable;
        }
        return error;
    }

    /** The exception of a datagram that was not sent; if the kernel may have disliked its traits, that says so. */
    static IOException ofSend(String call, int errno, Object msg, TraitsDatagramChannelConfig config) {
        IOException error = of(call, errno, config.channel().isConnected());
        if (!mayBeForTraits(msg, errno)) {
            return error;
        }
        TraitsException refused =
                refused(OutboundFilter.traits(msg), errno, config.carrier().type(), error);
        Counts.incrementAndLogFirst(TraitsCounter.DATAGRAM_REFUSED, ((DatagramPacket) msg).recipient(), refused);
        return refused;
    }

    private static TraitsException refused(Traits traits, int errno, CarrierType carrier, IOException cause) {
        // Without the capability the kernel takes IPv4 options of no known type for a mistake.
        boolean forbidden = errno == -Errno.EPERM || (errno == -Errno.EINVAL && !DatagramTraits.isAvailable());
        String help = forbidden ? ": sending IP options needs CAP_NET_RAW" : "";
        return TraitsException.failed(
                carrier,
                -errno,
                "cannot send a datagram with the traits of " + traits.size() + " keys, errno " + -errno + help,
                cause);
    }

    /**
     * Whether a message that the kernel refused is to be sent again without its traits, by {@link UnsendablePolicy#DROP}.
     * Counts it then.
     */
    static boolean isDropped(Object msg, int errno, TraitsDatagramChannelConfig config) {
        if (config.getUnsendablePolicy() != UnsendablePolicy.DROP || !mayBeForTraits(msg, errno)) {
            return false;
        }
        CarrierType carrier = config.carrier().type();
        Counts.incrementAndLogFirst(
                TraitsCounter.DATAGRAM_DROPPED,
                config.channel(),
                refused(OutboundFilter.traits(msg), errno, carrier, null));
        return true;
    }

    private static boolean mayBeForTraits(Object msg, int errno) {
        return !OutboundFilter.traits(msg).isEmpty()
                && (errno == -Errno.EPERM
                        || errno == -Errno.EINVAL
                        || errno == -Errno.EMSGSIZE
                        || errno == -Errno.ENOSPC
                        || errno == -Errno.EIO);
    }
}
