// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.channel.socket.DatagramChannel;
import io.pkttraits.Traits;
import io.pkttraits.transport.TraitsException;
import java.net.InetSocketAddress;

/** A datagram channel that reads and sends the traits of each datagram, on any transport. */
public interface TraitsDatagramChannel extends DatagramChannel {
    /**
     * Throws if a datagram to {@code recipient} cannot carry {@code traits}. The kernel may still refuse to send them. May be
     * called from any thread.
     *
     * @param recipient a resolved address; its family decides how much room there is
     * @throws TraitsException whose message names the first trait that does not fit
     */
    void ensureSendable(Traits traits, InetSocketAddress recipient) throws TraitsException;
}
