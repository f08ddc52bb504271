// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import io.netty.channel.unix.Socket;
import io.pkttraits.Traits;
import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.TraitsException;
import io.pkttraits.transport.internal.sys.CmsgHdr;
import io.pkttraits.transport.internal.sys.MessageBatch;
import java.io.IOException;

/** How traits get between this process and single datagrams: what a {@link SynCarrier} is to connections. */
public interface DatagramCarrier {
    CarrierType type();

    /** Makes the kernel hand up, or no longer, what {@link #read} reads. */
    void setReceive(Socket socket, boolean ipv6, boolean on) throws IOException;

    /** Bytes of control buffer that the kernel may fill on a socket where that is on. */
    int receiveControlLength(boolean ipv6);

    /** Bytes of control buffer that {@link #write} may fill. */
    int sendControlLength();

    /**
     * The traits of a received datagram. Never throws, what goes wrong is counted.
     *
     * @param cmsgs at the beginning of the datagram's control messages
     * @param subject what to name in the log, e.g. the channel
     */
    Traits read(MessageBatch batch, int message, CmsgHdr.Iterator cmsgs, Object subject);

    /**
     * Refuses what does not fit into one datagram's control message.
     *
     * @param ipv4 whether the packet will be an IPv4 one, whatever the socket
     */
    void requireSendable(Traits traits, boolean ipv4) throws TraitsException;

    /** Appends the control message for a set that {@link #requireSendable} has passed. */
    void write(Traits traits, boolean ipv4, CmsgHdr.Encoder cmsgs);
}
