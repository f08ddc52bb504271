// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;

/**
 * Joins groups and hears its own host's datagrams in them. Arguments: transport, interface, group, and two addresses of
 * the interface, which are the sources.
 */
final class MulticastMain {
    private final DatagramInbox inbox = new DatagramInbox();
    private final DatagramFixture fixture;
    private final NetworkInterface on;
    private final InetAddress group;
    private final InetAddress first;
    private final InetAddress second;
    private DatagramChannel receiver;
    private DatagramChannel[] senders;

    private MulticastMain(String[] args) throws Exception {
        on = NetworkInterface.getByName(args[1]);
        group = InetAddress.getByName(args[2]);
        first = InetAddress.getByName(args[3]);
        second = InetAddress.getByName(args[4]);
        fixture = new DatagramFixture(DatagramTransport.valueOf(args[0]), DatagramFamily.of(group));
    }

    public static void main(String[] args) throws Exception {
        new MulticastMain(args).run();
        System.out.println("ok");
    }

    private void run() throws Exception {
        InetAddress any = InetAddress.getByAddress(new byte[group.getAddress().length]);
        receiver = bind(any, inbox);
        senders = new DatagramChannel[] {bind(first, new DatagramInbox()), bind(second, new DatagramInbox())};
        assertHeard();
        InetSocketAddress groupAndPort =
                new InetSocketAddress(group, receiver.localAddress().getPort());
        receiver.joinGroup(groupAndPort, on).sync();
        assertHeard(0, 1);
        if (fixture.transport.hasTraits()) {
            // Stock epoll channels cannot.
            receiver.block(group, on, first).sync();
            assertHeard(1);
        }
        receiver.leaveGroup(groupAndPort, on).sync();
        assertHeard();
        receiver.joinGroup(group, on, second).sync();
        assertHeard(1);
        receiver.joinGroup(group, on, first).sync();
        assertHeard(0, 1);
        receiver.leaveGroup(group, on, second).sync();
        assertHeard(0);
        receiver.leaveGroup(group, on, first).sync();
        assertHeard();
        if (fixture.transport.hasTraits()) {
            // Stock channels on a wildcard address do not fall back on the interface that is set.
            receiver.joinGroup(group).sync();
            receiver.block(group, second).sync();
            assertHeard(0);
            receiver.leaveGroup(group).sync();
            assertHeard();
        }
        fixture.close();
    }

    private DatagramChannel bind(InetAddress local, DatagramInbox at) throws Exception {
        return fixture.bind(
                fixture.transport
                        .bootstrap(fixture.family.sockets, at)
                        .option(ChannelOption.IP_MULTICAST_IF, on)
                        .option(ChannelOption.IP_MULTICAST_TTL, 3),
                new InetSocketAddress(local, 0));
    }

    /** Both send to the group, and then to the receiver itself, which shows that nothing else was on its way. */
    private void assertHeard(int... expected) throws Exception {
        int port = receiver.localAddress().getPort();
        for (int i = 0; i < senders.length; i++) {
            send(senders[i], "sender " + i, new InetSocketAddress(group, port));
        }
        send(senders[0], "end", new InetSocketAddress(first, port));
        for (int i : expected) {
            assertEquals("sender " + i, inbox.nextText());
        }
        assertEquals("end", inbox.nextText());
    }

    private static void send(DatagramChannel sender, String text, InetSocketAddress to) throws Exception {
        sender.writeAndFlush(new DatagramPacket(DatagramFixture.text(text), to)).sync();
    }
}
