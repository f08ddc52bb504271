// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import io.netty.channel.unix.Socket;
import io.pkttraits.Traits;
import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.TraitsException;
import io.pkttraits.transport.internal.sys.CmsgHdr;
import io.pkttraits.transport.internal.sys.MessageBatch;
import java.io.IOException;

/** A mechanism that carries traits with single datagrams, as a {@link SynCarrier} does with TCP connections. */
public interface DatagramCarrier {
    CarrierType type();

    /** Switches on or off that the kernel delivers what {@link #read} reads. */
    void setReceive(Socket socket, boolean ipv6, boolean on) throws IOException;

    /** Bytes of control buffer that the kernel may fill if {@link #setReceive} is on. */
    int receiveControlLength(boolean ipv6);

    /** Bytes of control buffer that {@link #write} may fill. */
    int sendControlLength();

    /**
     * Returns the traits of a received datagram. Never throws: what is wrong is counted, and the result is empty.
     *
     * @param cmsgs before the first control message of the datagram
     * @param subject named in the log, e.g. the channel
     */
    Traits read(MessageBatch batch, int message, CmsgHdr.Iterator cmsgs, Object subject);

    /**
     * Refuses a trait set that does not fit into the control message of one datagram.
     *
     * @param ipv4 whether the packet will be an IPv4 packet; an IPv6 socket can send both
     */
    void requireSendable(Traits traits, boolean ipv4) throws TraitsException;

    /** Appends the control message for a trait set that {@link #requireSendable} has accepted. */
    void write(Traits traits, boolean ipv4, CmsgHdr.Encoder cmsgs);
}
