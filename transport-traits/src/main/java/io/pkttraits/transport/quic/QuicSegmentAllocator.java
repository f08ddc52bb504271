// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.quic.SegmentedDatagramPacketAllocator;
import io.pkttraits.Traits;
import java.net.InetSocketAddress;

/**
 * Wraps the allocator of GSO trains of one {@code QuicChannel}. If the connection sends traits, trains are {@link
 * QuicSegmentedPacket}s. After one has failed, datagrams are written one by one, each with the traits.
 */
final class QuicSegmentAllocator implements SegmentedDatagramPacketAllocator {
    private final QuicConnectionTraits connection;
    private final SegmentedDatagramPacketAllocator delegate;

    QuicSegmentAllocator(QuicConnectionTraits connection, SegmentedDatagramPacketAllocator delegate) {
        this.connection = connection;
        this.delegate = delegate;
    }

    SegmentedDatagramPacketAllocator delegate() {
        return delegate;
    }

    @Override
    public int maxNumSegments() {
        return connection.sendsTrains() ? delegate.maxNumSegments() : 0;
    }

    @Override
    public DatagramPacket newPacket(ByteBuf buffer, int segmentSize, InetSocketAddress remoteAddress) {
        Traits traits = connection.outgoing();
        return traits.isEmpty()
                ? delegate.newPacket(buffer, segmentSize, remoteAddress)
                : new QuicSegmentedPacket(buffer, segmentSize, remoteAddress, connection, traits);
    }
}
