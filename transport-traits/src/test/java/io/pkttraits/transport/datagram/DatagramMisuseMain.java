// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.channel.socket.DatagramChannel;
import io.pkttraits.Traits;
import io.pkttraits.transport.CapturedLog;
import io.pkttraits.transport.TraitsCounter;

/** Writes a datagram with traits twice, each time on a new guarded channel, and prints what is counted and logged. */
final class DatagramMisuseMain {
    private DatagramMisuseMain() {}

    public static void main(String[] args) throws Exception {
        CapturedLog.begin();
        if (args[0].equals("availability")) {
            System.out.println("available=" + DatagramTraits.isAvailable() + " receive="
                    + DatagramTraits.isReceiveAvailable() + " carrier=" + DatagramTraits.carrier());
            return;
        }
        TraitsCounter counter = TraitsCounter.valueOf(args[1]);
        DatagramTransport transport = DatagramTransport.valueOf(args[0]);
        try (DatagramFixture fixture = new DatagramFixture(transport, DatagramFamily.IPV4)) {
            for (int i = 0; i < 2; i++) {
                DatagramChannel channel = fixture.bind(new DatagramInbox());
                channel.pipeline().addFirst(new TraitsDatagramGuardHandler());
                Traits traits = transport.hasTraits() ? Traits.EMPTY : Traits.EMPTY.withFlag(9);
                channel.writeAndFlush(
                                new TraitsDatagramPacket(DatagramFixture.text("text"), channel.localAddress(), traits))
                        .await();
                System.out.println("counted " + counter.get());
            }
        }
    }
}
