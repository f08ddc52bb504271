// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.quic;

import io.netty.channel.Channel;
import io.netty.channel.socket.DatagramChannel;
import io.pkttraits.Traits;
import io.pkttraits.transport.ConnectTraitsHandler;
import io.pkttraits.transport.Family;
import io.pkttraits.transport.PacketTraits;
import io.pkttraits.transport.SynTraitsHandler;
import io.pkttraits.transport.TestServer;
import io.pkttraits.transport.TestTransport;
import io.pkttraits.transport.datagram.DatagramFamily;
import io.pkttraits.transport.datagram.DatagramFixture;
import io.pkttraits.transport.datagram.DatagramInbox;
import io.pkttraits.transport.datagram.DatagramTransport;
import io.pkttraits.transport.datagram.TraitsDatagramPacket;

/** TCP connections and datagrams with traits in a process that has no QUIC codec. */
final class WithoutQuicMain {
    private WithoutQuicMain() {}

    public static void main(String[] args) throws Exception {
        try {
            Class.forName("io.netty.handler.codec.quic.QuicChannel");
        } catch (ClassNotFoundException e) {
            System.out.println("quic=absent");
        }
        Traits traits = Traits.EMPTY.withInt(4, 5);
        try (TestServer server = new TestServer(
                TestTransport.all().get(0), Family.IPV4, bootstrap -> bootstrap.handler(new SynTraitsHandler()))) {
            server.connect(new ConnectTraitsHandler(traits));
            Channel accepted = server.nextAccepted();
            System.out.println("tcp=" + PacketTraits.of(accepted).equals(traits));
            System.out.println("other=" + QuicTraits.opening(accepted) + QuicTraits.latest(accepted));
        }
        DatagramInbox inbox = new DatagramInbox();
        try (DatagramFixture fixture = new DatagramFixture(DatagramTransport.EPOLL, DatagramFamily.IPV4)) {
            DatagramChannel channel = fixture.bind(inbox);
            channel.writeAndFlush(
                    new TraitsDatagramPacket(DatagramFixture.text("text"), channel.localAddress(), traits));
            TraitsDatagramPacket packet = (TraitsDatagramPacket) inbox.next();
            System.out.println("datagram=" + packet.traits().equals(traits));
            packet.release();
        }
    }
}
