// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.DatagramChannel;
import io.pkttraits.transport.TraitsCounter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * Receives on an address: prints the port, each datagram with its traits until one says {@code end}, and then what was
 * counted. Arguments: transport, address.
 */
final class DatagramReceiverMain {
    private DatagramReceiverMain() {}

    public static void main(String[] args) throws Exception {
        DatagramTransport transport = DatagramTransport.valueOf(args[0]);
        InetAddress address = InetAddress.getByName(args[1]);
        DatagramInbox inbox = new DatagramInbox();
        try (DatagramFixture fixture = new DatagramFixture(transport, DatagramFamily.DUAL_STACK)) {
            DatagramChannel channel = fixture.bind(
                    transport
                            .bootstrap(DatagramFamily.of(address).sockets, inbox)
                            .option(transport.options.udpGro(), true)
                            .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(65536)),
                    new InetSocketAddress(address, 0));
            System.out.println("port=" + channel.localAddress().getPort());
            for (String text = ""; !text.equals("end"); ) {
                TraitsDatagramPacket packet = (TraitsDatagramPacket) inbox.next();
                text = packet.content().toString(StandardCharsets.US_ASCII);
                System.out.println(text + packet.traits());
                packet.release();
            }
        }
        for (TraitsCounter counter : TraitsCounter.values()) {
            System.out.println(counter + "=" + counter.get());
        }
    }
}
