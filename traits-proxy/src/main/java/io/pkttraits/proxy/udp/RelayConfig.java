// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.udp;

import io.pkttraits.proxy.net.IoTransport;
import io.pkttraits.transport.UnsendablePolicy;
import io.pkttraits.transport.policy.TraitsPolicy;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Everything that a {@link RelayServer} needs to know.
 *
 * @param listen where to receive from clients; port 0 takes a free one
 * @param upstream where their datagrams go
 * @param transport the I/O of both sides
 * @param threads event loops; each has a listening socket of its own for each address
 * @param policy which traits are taken and go on, in both directions; the peer is who sent the datagram; another one after names
 *     of keys have changed, so ask each time
 * @param unsendable what to do with a datagram whose traits the carrier cannot send: not pass it on, or without them
 * @param limits sizes, counts and times
 */
record RelayConfig(
        InetSocketAddress listen,
        InetSocketAddress upstream,
        IoTransport transport,
        int threads,
        Supplier<TraitsPolicy> policy,
        UnsendablePolicy unsendable,
        Limits limits) {

    /**
     * The bounds of what a peer can make the relay do.
     *
     * @param maxFlows client addresses that have a flow at the same time
     * @param maxDatagram largest payload that is passed on, in bytes
     * @param receiveBuffer SO_RCVBUF of every socket, in bytes
     * @param idleTimeout how long a flow lives without a datagram either way
     */
    record Limits(int maxFlows, int maxDatagram, int receiveBuffer, Duration idleTimeout) {}
}
