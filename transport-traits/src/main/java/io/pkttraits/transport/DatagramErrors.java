// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.channel.unix.Errors;
import io.pkttraits.codec.Traits;
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
    static IOException ofSend(String call, Object msg, int errno, boolean connected, CarrierType carrier) {
        IOException error = of(call, errno, connected);
        if (!(msg instanceof TraitsDatagramPacket packet) || packet.traits().isEmpty()) {
            return error;
        }
        Traits traits = packet.traits();
        if (errno != -Errno.EPERM && errno != -Errno.EINVAL && errno != -Errno.ENOSPC && errno != -Errno.EIO) {
            return error;
        }
        String help = errno == -Errno.EPERM ? ": sending IP options needs CAP_NET_RAW" : "";
        TraitsException refused = TraitsException.failed(
                carrier, -errno, "cannot send a datagram with traits " + traits.size() + " keys" + help, error);
        TraitsCounter.DATAGRAM_REFUSED.incrementAndLogFirst(packet.recipient(), refused);
        return refused;
    }
}
