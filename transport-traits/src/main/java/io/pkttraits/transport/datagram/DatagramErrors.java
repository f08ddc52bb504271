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

/** Turns the errno of a system call on a datagram socket into an exception, which names traits if they may be the cause. */
final class DatagramErrors {
    private DatagramErrors() {}

    /**
     * Returns the exception for a failed call.
     *
     * @param errno negative
     * @param connected whether the channel is connected, so that ICMP errors are about its peer
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

    /** Returns the exception for an unsent datagram: a {@link TraitsException}, which is counted, if traits may be the cause. */
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
        // Without the capability, IPv4 options of unknown types are EINVAL.
        boolean forbidden = errno == -Errno.EPERM || (errno == -Errno.EINVAL && !DatagramTraits.isAvailable());
        String help = forbidden ? ": sending IP options requires CAP_NET_RAW" : "";
        return TraitsException.failed(
                carrier,
                -errno,
                "cannot send a datagram with " + traits.size() + (traits.size() == 1 ? " trait" : " traits")
                        + ", errno " + -errno + help,
                cause);
    }

    /**
     * Returns true, and counts the message, if the kernel refused it and {@link UnsendablePolicy#DROP} requires to send it
     * again without its traits.
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
