// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.quic.QuicChannel;
import io.pkttraits.codec.Traits;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Payloads of QUIC's DATAGRAM extension (RFC 9221). */
@Tag("netty-4.2")
final class QuicPayloadTest {
    private static final Traits TRAITS = Traits.EMPTY.withInt(4, 1);

    @Test
    void payloadReadFromAConnectionIsNotTakenForAPacketOfIt() throws Exception {
        BlockingQueue<ByteBuf> payloads = new LinkedBlockingQueue<>();
        DatagramTap tap = new DatagramTap();
        try (QuicFixture fixture = new QuicFixture(DatagramFamily.IPV4)) {
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
            assertFalse(payload instanceof TraitsBuffer);
            assertEquals("payload", payload.toString(StandardCharsets.US_ASCII));
            DatagramInbox inbox = new DatagramInbox();
            server.writeAndFlush(new DatagramPacket(payload, fixture.bind(inbox).localAddress()));
            TraitsDatagramPacket forwarded = (TraitsDatagramPacket) inbox.next();
            assertEquals(Traits.EMPTY, forwarded.traits());
            forwarded.release();
        }
    }
}
