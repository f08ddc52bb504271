// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.unix.Socket;
import io.netty.util.NetUtil;
import io.pkttraits.Traits;
import io.pkttraits.transport.datagram.DatagramFamily;
import io.pkttraits.transport.datagram.DatagramFixture;
import io.pkttraits.transport.datagram.DatagramInbox;
import io.pkttraits.transport.datagram.DatagramTraits;
import io.pkttraits.transport.datagram.DatagramTransport;
import io.pkttraits.transport.datagram.TraitsDatagramPacket;
import io.pkttraits.transport.internal.carrier.CarrierChoice;
import io.pkttraits.transport.internal.carrier.SynCarrier;
import io.pkttraits.transport.internal.sys.Errno;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What no stock kernel can show, of the carrier that speaks the RFC's own numbers. */
@Tag("netty-4.2")
@Tag("test-kernel")
@Tag("test-kernel-modes")
@Tag("only-test-kernel")
final class RfcKernelTest {
    /** Values of 0 bytes are reserved for later, so the kernel refuses this one. */
    private static final Traits WITH_A_FLAG = Traits.EMPTY.withInt(4, 12345).withFlag(9);

    static Stream<TestTransport> transports() {
        return TestTransport.all().stream();
    }

    @Test
    void kernelIsFoundByItself() {
        // Behind the lines that log each of them.
        String last = new ChildJvm()
                .run(CarriersMain.class)
                .lines()
                .reduce((a, b) -> b)
                .orElse("");
        assertEquals("kernel kernel", last);
    }

    static final class CarriersMain {
        private CarriersMain() {}

        public static void main(String[] args) {
            System.out.println(
                    PacketTraits.carrier().id() + " " + DatagramTraits.carrier().id());
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void sizeThatTheKernelDoesNotCarryFailsTheConnectAndNamesItsKey(TestTransport transport) throws Exception {
        try (TestServer server =
                new TestServer(transport, Family.IPV4, bootstrap -> bootstrap.handler(new SynTraitsHandler()))) {
            ChannelFuture connect = server.connectTo(server.address(), new ConnectTraitsHandler(WITH_A_FLAG))
                    .await();
            TraitsException failure = assertInstanceOf(TraitsException.class, connect.cause());
            assertEquals(CarrierType.KERNEL, failure.carrier());
            assertEquals(9, failure.key());
            assertTrue(failure.getMessage().contains("no flags"), failure.getMessage());
        }
    }

    /** With another length a key is busy; which error an element had is known only where the kernel writes {@code io_err} back. */
    @Test
    void keyThatTheKernelRefusesIsNamed() throws Exception {
        SynCarrier carrier = CarrierChoice.current().carrier();
        Socket socket = Socket.newSocketStream();
        try {
            InetSocketAddress anywhere = new InetSocketAddress(NetUtil.LOCALHOST4, 9);
            carrier.prepareConnect(socket, anywhere, Traits.EMPTY.withInt(9, 1));
            TraitsException failure = assertThrows(
                    TraitsException.class,
                    () -> carrier.prepareConnect(
                            socket, anywhere, Traits.EMPTY.withInt(4, 1).withLong(9, 1)));
            assertEquals(9, failure.key());
            boolean writeback = Files.readString(Path.of("/sys/module/pkt_traits/parameters/writeback"))
                    .startsWith("Y");
            assertEquals(writeback ? Errno.EBUSY : Errno.EIO, failure.errno());
        } finally {
            socket.close();
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void connectionWhoseTraitsTheKernelRefusesCanGoWithoutAny(TestTransport transport) throws Exception {
        try (TestServer server =
                new TestServer(transport, Family.IPV4, bootstrap -> bootstrap.handler(new SynTraitsHandler()))) {
            Channel client = server.connect(new ConnectTraitsHandler(WITH_A_FLAG, UnsendablePolicy.DROP));
            assertSame(Traits.EMPTY, ConnectTraitsHandler.sentOn(client));
            assertSame(Traits.EMPTY, SynTraits.of(server.nextAccepted()));
        }
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.OURS)
    void datagramWithASizeThatTheKernelDoesNotCarryFailsAlone(DatagramTransport transport, DatagramFamily family)
            throws Exception {
        DatagramInbox inbox = new DatagramInbox();
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel channel = fixture.bind(inbox);
            InetSocketAddress to = fixture.to(channel);
            ChannelFuture refused = channel.write(packet("refused", to, WITH_A_FLAG));
            ChannelFuture sent = channel.writeAndFlush(packet("sent", to, WITH_A_FLAG.without(9)));
            TraitsException failure =
                    assertInstanceOf(TraitsException.class, refused.await().cause());
            assertEquals(CarrierType.KERNEL, failure.carrier());
            assertEquals(9, failure.key());
            sent.sync();
            TraitsDatagramPacket came = (TraitsDatagramPacket) inbox.next();
            assertEquals(WITH_A_FLAG.without(9), came.traits());
            came.release();
        }
    }

    private static TraitsDatagramPacket packet(String text, InetSocketAddress to, Traits traits) {
        return new TraitsDatagramPacket(DatagramFixture.text(text), to, traits);
    }
}
