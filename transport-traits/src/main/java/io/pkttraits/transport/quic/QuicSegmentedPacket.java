// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.pkttraits.Traits;
import io.pkttraits.transport.datagram.TraitsSegmentedDatagramPacket;
import java.net.InetSocketAddress;

/** A GSO train of one QUIC connection on its way from the codec to the {@link QuicTraitsHandler}. */
final class QuicSegmentedPacket extends SegmentedDatagramPacket {
    private final QuicConnectionTraits connection;
    private final Traits traits;

    QuicSegmentedPacket(
            ByteBuf data,
            int segmentSize,
            InetSocketAddress recipient,
            QuicConnectionTraits connection,
            Traits traits) {
        super(data, segmentSize, recipient);
        this.connection = connection;
        this.traits = traits;
    }

    QuicConnectionTraits connection() {
        return connection;
    }

    /** Returns the packet that the datagram channel sends instead. The reference count does not change. */
    TraitsSegmentedDatagramPacket withTraits() {
        return new TraitsSegmentedDatagramPacket(content(), segmentSize(), recipient(), traits);
    }
}
