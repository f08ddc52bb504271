// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.quic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.quic.QuicChannel;
import io.pkttraits.Traits;
import io.pkttraits.transport.datagram.DatagramFamily;
import io.pkttraits.transport.datagram.DatagramFixture;
import io.pkttraits.transport.datagram.DatagramInbox;
import io.pkttraits.transport.datagram.DatagramTap;
import io.pkttraits.transport.datagram.DatagramTransport;
import io.pkttraits.transport.datagram.OnOurTransports;
import io.pkttraits.transport.datagram.TraitsDatagramPacket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;

/** Buffers that a connection's allocator made for something else than its packets. */
@Tag("netty-4.2")
final class QuicPayloadTest {
    private static final Traits TRAITS = Traits.EMPTY.withInt(4, 1);

    /** By QUIC's DATAGRAM extension (RFC 9221). */
    @OnOurTransports
    void payloadReadFromAConnectionIsNotTakenForAPacketOfIt(DatagramTransport transport) throws Exception {
        BlockingQueue<ByteBuf> payloads = new LinkedBlockingQueue<>();
        DatagramTap tap = new DatagramTap();
        try (QuicFixture fixture = new QuicFixture(transport, DatagramFamily.IPV4)) {
            DatagramChannel server = fixture.server(
                    codec -> codec.datagram(16, 16).handler(new QuicInitializer(channel -> {
                        QuicFixture.setOutgoing(channel, TRAITS);
                        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                                if (msg instanceof ByteBuf payload) {
                                    payloads.add(payload);
                                } else {
                                    ctx.fireChannelRead(msg);
                                }
                            }
                        });
                    })),
                    tap);
            DatagramChannel socket = fixture.bind(
                    new QuicTraitsHandler(),
                    QuicFixture.clientCodec().datagram(16, 16).build());
            QuicChannel connection = QuicFixture.connect(socket, server, TRAITS);
            connection.writeAndFlush(DatagramFixture.text("payload")).sync();
            ByteBuf payload = payloads.poll(20, TimeUnit.SECONDS);
            assertFalse(payload instanceof QuicPacketBuffer);
            assertEquals("payload", payload.toString(StandardCharsets.US_ASCII));
            DatagramInbox inbox = new DatagramInbox();
            server.writeAndFlush(new DatagramPacket(payload, fixture.bind(inbox).localAddress()));
            TraitsDatagramPacket forwarded = (TraitsDatagramPacket) inbox.next();
            assertEquals(Traits.EMPTY, forwarded.traits());
            forwarded.release();
        }
    }

    @OnOurTransports
    void bufferOfAConnectionsAllocatorThatAUserSendsIsNotTakenForAPacketOfIt(DatagramTransport transport)
            throws Exception {
        try (QuicFixture fixture = new QuicFixture(transport, DatagramFamily.IPV4)) {
            DatagramChannel server = fixture.server();
            QuicFixture.connect(fixture.clientSocket(), server, TRAITS);
            QuicChannel atServer = fixture.nextAccepted();
            DatagramInbox inbox = new DatagramInbox();
            DatagramChannel receiver = fixture.bind(inbox);
            ByteBuf source = DatagramFixture.text("direct");
            List<ByteBuf> buffers = List.of(
                    atServer.alloc().directBuffer().writeLong(1),
                    atServer.alloc().ioBuffer().writeBytes("array".getBytes(StandardCharsets.US_ASCII)),
                    atServer.alloc().buffer().writeBytes(source));
            source.release();
            for (ByteBuf buffer : buffers) {
                assertInstanceOf(QuicPacketBuffer.class, buffer);
                String text = buffer.toString(StandardCharsets.US_ASCII);
                server.writeAndFlush(new DatagramPacket(buffer, receiver.localAddress()));
                TraitsDatagramPacket packet = (TraitsDatagramPacket) inbox.next();
                assertEquals(text, packet.content().toString(StandardCharsets.US_ASCII));
                assertEquals(Traits.EMPTY, packet.traits());
                packet.release();
            }
        }
    }
}
