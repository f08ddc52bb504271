// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.pkttraits.transport.UnsendablePolicy;
import io.pkttraits.transport.internal.sys.SocketOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whether options get to the socket, seen by getsockopt(2) under the kernel's number and by what they do. */
@Tag("netty-4.2")
final class DatagramOptionsTest {
    private static final int SOL_SOCKET = SocketOption.SOL_SOCKET;
    private static final int SOL_IP = SocketOption.SOL_IP;
    private static final int SOL_IPV6 = SocketOption.SOL_IPV6;

    private final DatagramInbox inbox = new DatagramInbox();

    private static int onSocket(DatagramChannel channel, int level, int optname) {
        return channel.config().getOption(new IntegerUnixChannelOption("OPTION_" + optname, level, optname));
    }

    private static <T> void assertSets(DatagramChannel channel, ChannelOption<T> option, T value) {
        assertTrue(channel.config().setOption(option, value), option::name);
        assertEquals(value, channel.config().getOption(option), option::name);
    }

    private static void assertFlag(DatagramChannel channel, ChannelOption<Boolean> option, int level, int optname) {
        for (boolean on : new boolean[] {true, false, true}) {
            assertSets(channel, option, on);
            assertEquals(on ? 1 : 0, onSocket(channel, level, optname), option::name);
        }
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.ALL)
    void flagsAreSetOnTheSocketAndReadBack(DatagramTransport transport, DatagramFamily family) throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel channel = fixture.bind(inbox);
            assertFlag(channel, ChannelOption.SO_BROADCAST, SOL_SOCKET, 6);
            assertFlag(channel, ChannelOption.SO_REUSEADDR, SOL_SOCKET, 2);
            assertFlag(channel, transport.options.reusePort(), SOL_SOCKET, 15);
            assertFlag(channel, transport.options.freeBind(), SOL_IP, 15);
            assertFlag(channel, transport.options.transparent(), SOL_IP, 19);
            // Stock channels on io_uring do not know it.
            if (transport != DatagramTransport.STOCK_IO_URING) {
                assertFlag(channel, transport.options.udpGro(), SocketOption.SOL_UDP, 104);
            }
        }
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.OURS)
    void optionsThatIoUringHasNoConstantsForAreSetByOurs(DatagramTransport transport, DatagramFamily family)
            throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel channel = fixture.bind(inbox);
            assertFlag(channel, TraitsDatagramChannelOption.UDP_GRO, SocketOption.SOL_UDP, 104);
            assertFlag(channel, TraitsDatagramChannelOption.IP_RECVORIGDSTADDR, SOL_IP, 20);
            assertTrue(channel.config().getOptions().containsKey(TraitsDatagramChannelOption.UDP_GRO));
            assertTrue(channel.config().getOptions().containsKey(TraitsDatagramChannelOption.IP_RECVORIGDSTADDR));
            // Epoll's constants are the same options, which the channels of both transports go on to accept.
            assertSets(channel, EpollChannelOption.UDP_GRO, false);
            assertEquals(false, channel.config().getOption(TraitsDatagramChannelOption.UDP_GRO));
            assertSets(channel, EpollChannelOption.IP_RECVORIGDSTADDR, false);
            assertEquals(false, channel.config().getOption(TraitsDatagramChannelOption.IP_RECVORIGDSTADDR));
        }
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.ALL)
    void numbersAreSetOnTheSocketAndReadBack(DatagramTransport transport, DatagramFamily family) throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel channel = fixture.bind(inbox);
            boolean ipv6Socket = family != DatagramFamily.IPV4;
            // The kernel doubles both for its bookkeeping (socket(7)), which getsockopt shows.
            channel.config().setOption(ChannelOption.SO_RCVBUF, 20_000);
            assertEquals(40_000, onSocket(channel, SOL_SOCKET, 8));
            assertEquals(40_000, channel.config().getOption(ChannelOption.SO_RCVBUF));
            channel.config().setOption(ChannelOption.SO_SNDBUF, 30_000);
            assertEquals(60_000, onSocket(channel, SOL_SOCKET, 7));
            assertEquals(60_000, channel.config().getOption(ChannelOption.SO_SNDBUF));
            assertSets(channel, ChannelOption.IP_TOS, 0x28);
            assertEquals(0x28, ipv6Socket ? onSocket(channel, SOL_IPV6, 67) : onSocket(channel, SOL_IP, 1));
        }
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.ALL)
    void multicastOptionsAreSetForBothFamiliesOfTheSocket(DatagramTransport transport, DatagramFamily family)
            throws Exception {
        NetworkInterface lo = NetworkInterface.getByName("lo");
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel channel = fixture.bind(inbox);
            boolean ipv6Socket = family != DatagramFamily.IPV4;
            assertSets(channel, ChannelOption.IP_MULTICAST_TTL, 7);
            assertSets(channel, ChannelOption.IP_MULTICAST_LOOP_DISABLED, true);
            channel.config().setOption(ChannelOption.IP_MULTICAST_IF, lo);
            if (transport.hasTraits()) {
                // Stock channels set IP_TTL (ip(7)), and of an IPv6 socket not what its IPv4-mapped packets go by.
                assertEquals(7, onSocket(channel, SOL_IP, 33));
                assertEquals(0, onSocket(channel, SOL_IP, 34));
                assertEquals(lo, channel.config().getOption(ChannelOption.IP_MULTICAST_IF));
            }
            if (transport.hasTraits() && ipv6Socket) {
                assertEquals(7, onSocket(channel, SOL_IPV6, 18));
                assertEquals(0, onSocket(channel, SOL_IPV6, 19));
                assertEquals(lo.getIndex(), onSocket(channel, SOL_IPV6, 17));
            }
            assertSets(channel, ChannelOption.IP_MULTICAST_LOOP_DISABLED, false);
            assertEquals(1, ipv6Socket ? onSocket(channel, SOL_IPV6, 19) : onSocket(channel, SOL_IP, 34));
        }
    }

    @ParameterizedTest
    @EnumSource
    void freeBindBindsAnAddressThatIsNoInterfaces(DatagramTransport transport) throws Exception {
        InetSocketAddress foreign = new InetSocketAddress(InetAddress.getByName("192.0.2.7"), 0);
        try (DatagramFixture fixture = new DatagramFixture(transport, DatagramFamily.IPV4)) {
            assertThrows(
                    IOException.class,
                    () -> fixture.bind(transport.bootstrap(DatagramFamily.IPV4.sockets, inbox), foreign));
            DatagramChannel channel = fixture.bind(
                    transport.bootstrap(DatagramFamily.IPV4.sockets, inbox).option(transport.options.freeBind(), true),
                    foreign);
            assertEquals(foreign.getAddress(), channel.localAddress().getAddress());
        }
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.ALL)
    void portIsSharedWhereBothAllowIt(DatagramTransport transport, DatagramFamily family) throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel first =
                    fixture.bind(inbox, bootstrap -> bootstrap.option(transport.options.reusePort(), true));
            InetSocketAddress taken = first.localAddress();
            DatagramChannel second = fixture.bind(
                    transport.bootstrap(family.sockets, inbox).option(transport.options.reusePort(), true), taken);
            assertEquals(taken.getPort(), second.localAddress().getPort());
            assertThrows(IOException.class, () -> fixture.bind(transport.bootstrap(family.sockets, inbox), taken));
            // Each sender is one of both's, by the hash of its address.
            for (int i = 0; i < 20; i++) {
                DatagramChannel sender = fixture.bind(new DatagramInbox());
                sender.writeAndFlush(new DatagramPacket(DatagramFixture.text("n" + i), fixture.to(first)))
                        .sync();
                assertEquals("n" + i, inbox.nextText());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void broadcastNeedsItsOption(DatagramTransport transport) throws Exception {
        InetAddress broadcast = InetAddress.getByName("127.255.255.255");
        try (DatagramFixture fixture = new DatagramFixture(transport, DatagramFamily.IPV4)) {
            DatagramChannel receiver = fixture.bind(
                    transport.bootstrap(DatagramFamily.IPV4.sockets, inbox), new InetSocketAddress("0.0.0.0", 0));
            InetSocketAddress to =
                    new InetSocketAddress(broadcast, receiver.localAddress().getPort());
            DatagramChannel sender = fixture.bind(new DatagramInbox());
            assertTrue(
                    sender.writeAndFlush(new DatagramPacket(DatagramFixture.text("no"), to))
                                    .await()
                                    .cause()
                            instanceof IOException);
            sender.config().setOption(ChannelOption.SO_BROADCAST, true);
            sender.writeAndFlush(new DatagramPacket(DatagramFixture.text("all"), to))
                    .sync();
            assertEquals("all", inbox.nextText());
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyOptionThatIsListedCanBeRead(DatagramTransport transport) throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, DatagramFamily.IPV6)) {
            DatagramChannel channel = fixture.bind(inbox);
            Map<String, Object> values = new HashMap<>();
            channel.config().getOptions().forEach((option, value) -> values.put(option.name(), value));
            for (String name : new String[] {"SO_RCVBUF", "IP_TOS", "IP_MULTICAST_TTL", "AUTO_READ"}) {
                assertTrue(values.get(name) != null, () -> name + " is not in " + values);
            }
            if (transport.hasTraits()) {
                assertEquals(true, values.get(TraitsDatagramChannelOption.SO_RCV_PKT_TRAITS.name()));
                assertEquals(UnsendablePolicy.FAIL, values.get(TraitsDatagramChannelOption.UNSENDABLE_POLICY.name()));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void valueThatTheKernelRefusesIsAChannelException(DatagramTransport transport) throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, DatagramFamily.IPV4)) {
            DatagramChannel channel = fixture.bind(inbox);
            assertThrows(ChannelException.class, () -> channel.config().setOption(ChannelOption.IP_MULTICAST_TTL, 256));
        }
    }
}
