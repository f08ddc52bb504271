// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultAddressedEnvelope;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.PortUnreachableException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every datagram channel does, with traits or without: one suite for ours and the stock ones. */
@Tag("netty-4.2")
@Tag("test-kernel")
final class DatagramChannelTest {
    private final DatagramInbox inbox = new DatagramInbox();

    @ParameterizedTest
    @MethodSource(DatagramTransport.ALL)
    void messagesOfEveryTypeArriveInOrderWithTheirSender(DatagramTransport transport, DatagramFamily family)
            throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel receiver = fixture.bind(inbox);
            DatagramChannel sender = fixture.bind(new DatagramInbox());
            InetSocketAddress to = fixture.to(receiver);
            ByteBuf skipped =
                    DatagramFixture.text("xxxread from its reader index").skipBytes(3);
            CompositeByteBuf composite = Unpooled.compositeBuffer()
                    .addComponents(true, DatagramFixture.text("in "), DatagramFixture.text("parts"));
            sender.write(new DatagramPacket(DatagramFixture.text("packet"), to));
            sender.write(new DefaultAddressedEnvelope<>(DatagramFixture.text("envelope"), to));
            sender.write(new DatagramPacket(skipped, to));
            sender.write(new DatagramPacket(composite, to));
            sender.write(new DatagramPacket(Unpooled.copiedBuffer("heap", StandardCharsets.US_ASCII), to));
            sender.writeAndFlush(
                            new TraitsDatagramPacket(DatagramFixture.text("no traits"), to, io.pkttraits.Traits.EMPTY))
                    .sync();
            DatagramPacket first = inbox.next();
            assertEquals("packet", first.content().toString(StandardCharsets.US_ASCII));
            assertEquals(family.loopback(), first.sender().getAddress());
            assertEquals(sender.localAddress().getPort(), first.sender().getPort());
            assertEquals(receiver.localAddress(), first.recipient());
            first.release();
            for (String text : List.of("envelope", "read from its reader index", "in parts", "heap", "no traits")) {
                assertEquals(text, inbox.nextText());
            }
        }
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.ALL)
    void connectedChannelSendsBuffersAndHearsItsPeer(DatagramTransport transport, DatagramFamily family)
            throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramInbox atServer = new DatagramInbox();
            DatagramChannel server = fixture.bind(atServer);
            DatagramChannel client = fixture.connect(inbox, fixture.to(server));
            assertTrue(client.isConnected());
            assertEquals(fixture.to(server), client.remoteAddress());
            client.writeAndFlush(DatagramFixture.text("ping")).sync();
            DatagramPacket ping = atServer.next();
            server.writeAndFlush(new DatagramPacket(DatagramFixture.text("pong"), ping.sender()))
                    .sync();
            ping.release();
            assertEquals("pong", inbox.nextText());
            client.disconnect().sync();
            assertFalse(client.isConnected());
            assertNull(client.remoteAddress());
            client.connect(fixture.to(server)).sync();
            client.writeAndFlush(DatagramFixture.text("again")).sync();
            assertEquals("again", atServer.nextText());
        }
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.ALL)
    void portThatNobodyListensOnIsUnreachable(DatagramTransport transport, DatagramFamily family) throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel gone = fixture.bind(new DatagramInbox());
            InetSocketAddress closed = fixture.to(gone);
            gone.close().sync();
            DatagramChannel client = fixture.connect(inbox, closed);
            client.writeAndFlush(DatagramFixture.text("anybody?")).sync();
            assertInstanceOf(PortUnreachableException.class, inbox.nextFailure());
            assertTrue(client.isOpen());
        }
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.ALL)
    void emptyDatagramIsRead(DatagramTransport transport, DatagramFamily family) throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, family);
                java.net.DatagramSocket sender = new java.net.DatagramSocket()) {
            DatagramChannel receiver = fixture.bind(inbox);
            InetSocketAddress to = fixture.to(receiver);
            sender.send(new java.net.DatagramPacket(new byte[0], 0, to));
            sender.send(new java.net.DatagramPacket(new byte[] {'a'}, 1, to));
            assertEquals("", inbox.nextText());
            assertEquals("a", inbox.nextText());
        }
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.ALL)
    void withoutAutoReadNothingIsReadUnlessAsked(DatagramTransport transport, DatagramFamily family) throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel receiver = fixture.bind(
                    inbox,
                    bootstrap -> bootstrap
                            .option(ChannelOption.AUTO_READ, false)
                            .option(
                                    ChannelOption.RECVBUF_ALLOCATOR,
                                    new FixedRecvByteBufAllocator(2048).maxMessagesPerRead(1)));
            DatagramChannel sender = fixture.bind(new DatagramInbox());
            for (int i = 0; i < 3; i++) {
                sender.writeAndFlush(new DatagramPacket(DatagramFixture.text("" + i), fixture.to(receiver)))
                        .sync();
            }
            transport.settle();
            assertTrue(inbox.packets.isEmpty());
            receiver.read();
            assertEquals("0", inbox.nextText());
            transport.settle();
            assertTrue(inbox.packets.isEmpty());
            receiver.config().setAutoRead(true);
            assertEquals("1", inbox.nextText());
            assertEquals("2", inbox.nextText());
        }
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.ALL)
    void manyAreReadByOneCallWherePayloadSizeSaysSo(DatagramTransport transport, DatagramFamily family)
            throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel receiver = fixture.bind(
                    inbox,
                    bootstrap -> bootstrap
                            .option(transport.options.maxDatagramPayloadSize(), 64)
                            .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(64 * 8)));
            DatagramChannel sender = fixture.bind(new DatagramInbox());
            List<ChannelFuture> written = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                written.add(sender.write(new DatagramPacket(DatagramFixture.text("n" + i), fixture.to(receiver))));
            }
            sender.flush();
            for (ChannelFuture future : written) {
                future.sync();
            }
            for (int i = 0; i < 100; i++) {
                assertEquals("n" + i, inbox.nextText());
            }
        }
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.ALL)
    void trainIsSentAndReadAsItsSegments(DatagramTransport transport, DatagramFamily family) throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel receiver = fixture.bind(
                    inbox,
                    bootstrap -> bootstrap
                            .option(transport.options.udpGro(), true)
                            .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(4096)));
            DatagramChannel sender = fixture.bind(new DatagramInbox());
            sender.writeAndFlush(
                            new SegmentedDatagramPacket(DatagramFixture.text("aaaabbbbcc"), 4, fixture.to(receiver)))
                    .sync();
            assertEquals("aaaa", inbox.nextText());
            assertEquals("bbbb", inbox.nextText());
            assertEquals("cc", inbox.nextText());
        }
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.ALL)
    void writabilityFollowsTheWaterMarks(DatagramTransport transport, DatagramFamily family) throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel receiver = fixture.bind(inbox);
            DatagramChannel sender = fixture.bind(
                    new DatagramInbox(),
                    bootstrap ->
                            bootstrap.option(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(64, 128)));
            ChannelFuture written =
                    sender.write(new DatagramPacket(DatagramFixture.text("x".repeat(200)), fixture.to(receiver)));
            sender.eventLoop().submit(() -> {}).sync();
            assertFalse(sender.isWritable());
            sender.flush();
            written.sync();
            sender.eventLoop().submit(() -> {}).sync();
            assertTrue(sender.isWritable());
            assertEquals(200, inbox.nextText().length());
        }
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.ALL)
    void closeFailsWhatIsNotWrittenAndReleasesIt(DatagramTransport transport, DatagramFamily family) throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel sender = fixture.bind(inbox);
            ByteBuf content = DatagramFixture.text("never sent");
            ChannelFuture written = sender.write(new DatagramPacket(content, fixture.to(sender)));
            sender.close().sync();
            assertInstanceOf(ClosedChannelException.class, written.await().cause());
            assertEquals(0, content.refCnt());
            assertFalse(sender.isActive());
        }
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.MOVABLE)
    void channelCanMoveToAnotherEventLoop(DatagramTransport transport, DatagramFamily family) throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramChannel receiver = fixture.bind(inbox);
            receiver.deregister().sync();
            transport.group.register(receiver).sync();
            DatagramChannel sender = fixture.bind(new DatagramInbox());
            sender.writeAndFlush(new DatagramPacket(DatagramFixture.text("moved"), fixture.to(receiver)))
                    .sync();
            assertEquals("moved", inbox.nextText());
        }
    }

    @ParameterizedTest
    @EnumSource
    void groupIsHeardFromJoiningToLeaving(DatagramTransport transport) throws Exception {
        DatagramFamily family = DatagramFamily.IPV4;
        NetworkInterface lo = NetworkInterface.getByInetAddress(family.loopback());
        InetAddress group = InetAddress.getAllByName("239.1.2.3")[0];
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            InetSocketAddress any = new InetSocketAddress("0.0.0.0", 0);
            DatagramChannel receiver = (DatagramChannel)
                    transport.bootstrap(family.sockets, inbox).bind(any).sync().channel();
            DatagramChannel sender =
                    fixture.bind(new DatagramInbox(), bootstrap -> bootstrap.option(ChannelOption.IP_MULTICAST_IF, lo));
            InetSocketAddress to =
                    new InetSocketAddress(group, receiver.localAddress().getPort());
            receiver.joinGroup(to, lo).sync();
            sender.writeAndFlush(new DatagramPacket(DatagramFixture.text("joined"), to))
                    .sync();
            assertEquals("joined", inbox.nextText());
            receiver.leaveGroup(to, lo).sync();
            sender.writeAndFlush(new DatagramPacket(DatagramFixture.text("left"), to))
                    .sync();
            sender.writeAndFlush(new DatagramPacket(
                            DatagramFixture.text("unicast"), new InetSocketAddress(family.loopback(), to.getPort())))
                    .sync();
            assertEquals("unicast", inbox.nextText());
            receiver.close().sync();
        }
    }
}
