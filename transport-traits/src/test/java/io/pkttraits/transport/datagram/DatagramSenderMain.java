// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.pkttraits.Traits;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Sends datagrams: arguments are transport, address, port and messages, each {@code TEXT}, {@code TEXT@KEY} with a flag,
 * or {@code TEXT@KEY/SEGMENTSIZE}, a train. Prints which failed.
 */
final class DatagramSenderMain {
    private DatagramSenderMain() {}

    public static void main(String[] args) throws Exception {
        DatagramTransport transport = DatagramTransport.valueOf(args[0]);
        InetSocketAddress to = new InetSocketAddress(InetAddress.getByName(args[1]), Integer.parseInt(args[2]));
        try (DatagramFixture fixture = new DatagramFixture(transport, DatagramFamily.of(to.getAddress()))) {
            DatagramChannel channel = fixture.connect(new DatagramInbox(), to);
            List<ChannelFuture> written = new ArrayList<>();
            for (int i = 3; i < args.length; i++) {
                written.add(channel.write(message(args[i], to)));
            }
            channel.flush();
            for (int i = 0; i < written.size(); i++) {
                Throwable cause = written.get(i).await().cause();
                if (cause != null) {
                    System.out.println(args[3 + i] + " failed: " + cause);
                }
            }
        }
    }

    private static DatagramPacket message(String message, InetSocketAddress to) {
        String[] parts = message.split("[@/]", -1);
        ByteBuf content = DatagramFixture.text(parts[0]);
        Traits traits = parts.length == 1 ? Traits.EMPTY : Traits.EMPTY.withFlag(Integer.parseInt(parts[1]));
        return parts.length < 3
                ? new TraitsDatagramPacket(content, to, traits)
                : new TraitsSegmentedDatagramPacket(content, Integer.parseInt(parts[2]), to, traits);
    }
}
