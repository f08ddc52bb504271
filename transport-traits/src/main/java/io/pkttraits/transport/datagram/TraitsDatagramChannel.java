// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.channel.socket.DatagramChannel;
import io.pkttraits.Traits;
import io.pkttraits.transport.TraitsException;
import java.net.InetSocketAddress;

/** A datagram channel that reads and sends the traits of each datagram, on any transport. */
public interface TraitsDatagramChannel extends DatagramChannel {
    /**
     * Makes sure that a datagram to {@code recipient} can carry {@code traits}, as far as that is known before the kernel is asked.
     * May be called from any thread.
     *
     * @param recipient resolved; its address family decides how much room there is
     * @throws TraitsException if not; the message names the first trait that does not fit
     */
    void ensureSendable(Traits traits, InetSocketAddress recipient) throws TraitsException;
}
