// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.udp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pkttraits.proxy.OnEachTransport;
import io.pkttraits.proxy.net.IoTransport;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;

/** Clients that send faster than the relay reads. */
@Timeout(120)
@OnEachTransport
class RelayFloodTest {
    @Parameter
    IoTransport transport;

    private static final int FLOOD = 50_000;
    private static final int MARK = 1;
    private static final int PATIENCE_MILLIS = 500;

    private final InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @Test
    void everyDatagramOfAFloodIsCounted() throws Exception {
        try (DatagramSocket upstream = new DatagramSocket(any);
                DatagramSocket flooder = new DatagramSocket(any);
                DatagramSocket marker = new DatagramSocket(any)) {
            TestRelay relay = TestRelay.start(transport, (InetSocketAddress) upstream.getLocalSocketAddress());
            int sent = FLOOD;
            try (relay) {
                DatagramPacket packet = new DatagramPacket(new byte[1000], 1000, relay.address());
                for (int i = 0; i < FLOOD; i++) {
                    flooder.send(packet);
                }
                // What the relay passes on behind the flood tells that it has read the flood.
                do {
                    marker.send(new DatagramPacket(new byte[MARK], MARK, relay.address()));
                    sent++;
                } while (!isMarkReceived(upstream));
            }
            assertEquals(
                    sent, relay.total("to-upstream.received") + relay.total("dropped.receive-buffer"), relay::toString);
            assertEquals(
                    relay.total("to-upstream.received"),
                    relay.total("to-upstream.sent")
                            + relay.total("dropped.overload")
                            + relay.total("dropped.send-error")
                            + relay.total("dropped.closed"));
        }
    }

    private static boolean isMarkReceived(DatagramSocket upstream) throws IOException {
        upstream.setSoTimeout(PATIENCE_MILLIS);
        DatagramPacket packet = new DatagramPacket(new byte[1000], 1000);
        try {
            do {
                packet.setLength(1000);
                upstream.receive(packet);
            } while (packet.getLength() != MARK);
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }
}
