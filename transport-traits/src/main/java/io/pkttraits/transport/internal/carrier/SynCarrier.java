// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import io.netty.channel.unix.Socket;
import io.pkttraits.Traits;
import io.pkttraits.transport.CarrierType;
import io.pkttraits.transport.TraitsException;
import io.pkttraits.transport.internal.sys.SocketOption;
import java.io.IOException;
import java.net.InetSocketAddress;

/** How traits get between a TCP socket of this process and the SYN of its connection. */
public interface SynCarrier {
    CarrierType type();

    /** The integer socket option that makes a listener keep what {@link #readSyn} reads. */
    SocketOption saveOption();

    /**
     * The traits that an accepted connection's SYN brought. Called once per connection; never throws, what goes wrong
     * is counted.
     *
     * @param subject what to name in the log, e.g. the channel
     */
    Traits readSyn(Socket accepted, Object subject);

    /**
     * Sets the traits that the SYN to {@code remote} shall carry, all of them or none.
     *
     * @throws TraitsException if the carrier or the kernel refuses
     */
    void prepareConnect(Socket socket, InetSocketAddress remote, Traits traits) throws TraitsException;

    /** Ends what {@link #prepareConnect} began: packets after the handshake carry nothing. */
    void connected(Socket socket, InetSocketAddress remote) throws IOException;
}
