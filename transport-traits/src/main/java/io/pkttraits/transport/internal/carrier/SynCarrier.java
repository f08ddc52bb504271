// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import io.netty.channel.unix.Socket;
import io.pkttraits.Traits;
import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.TraitsException;
import io.pkttraits.transport.internal.sys.SocketOption;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A mechanism that carries traits in the SYN of a TCP connection. */
public interface SynCarrier {
    CarrierType type();

    /** The integer socket option that makes a listener save what {@link #readSyn} reads. */
    SocketOption saveOption();

    /**
     * Returns the traits of an accepted connection's SYN. Called once per connection. Never throws: what is wrong is
     * counted, and the result is empty.
     *
     * @param subject named in the log, e.g. the channel
     */
    Traits readSyn(Socket accepted, Object subject);

    /**
     * Sets the traits of the SYN to {@code remote}: all of them, or none if it fails.
     *
     * @throws TraitsException if the carrier or the kernel refuses
     */
    void prepareConnect(Socket socket, InetSocketAddress remote, Traits traits) throws TraitsException;

    /** Called after the handshake, so that later packets carry no traits. */
    void connected(Socket socket, InetSocketAddress remote) throws IOException;
}
