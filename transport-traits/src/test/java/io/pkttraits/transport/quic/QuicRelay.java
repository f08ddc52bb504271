// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.quic;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramChannel;
import io.pkttraits.Traits;
import io.pkttraits.transport.datagram.TraitsDatagramPacket;
import java.net.InetSocketAddress;

/** A NAT between one client socket and a server: passes datagrams and their traits on, and can change its port. */
final class QuicRelay {
    final DatagramChannel front;
    private final QuicFixture fixture;
    private final InetSocketAddress server;
    private volatile InetSocketAddress client;
    private volatile DatagramChannel back;
    /** What the datagrams of the path have, or {@code null} for what they came with. */
    private volatile Traits path;

    QuicRelay(QuicFixture fixture, DatagramChannel server) throws InterruptedException {
        this.fixture = fixture;
        this.server = server.localAddress();
        rebind(null);
        front = fixture.bind(new SimpleChannelInboundHandler<TraitsDatagramPacket>() {
            @Override
            protected void channelRead0(ChannelHandlerContext ctx, TraitsDatagramPacket packet) {
                client = packet.sender();
                Traits traits = path == null ? packet.traits() : path;
                back.writeAndFlush(new TraitsDatagramPacket(packet.content().retain(), QuicRelay.this.server, traits));
            }
        });
    }

    /** Nothing comes by the old port any more when this returns. */
    void rebind(Traits newPath) throws InterruptedException {
        DatagramChannel old = back;
        DatagramChannel opened = fixture.bind(new SimpleChannelInboundHandler<TraitsDatagramPacket>() {
            @Override
            protected void channelRead0(ChannelHandlerContext ctx, TraitsDatagramPacket packet) {
                front.writeAndFlush(new TraitsDatagramPacket(packet.content().retain(), client, packet.traits()));
            }
        });
        path = newPath;
        back = opened;
        if (old != null) {
            old.close().sync();
        }
    }

    InetSocketAddress address() {
        return back.localAddress();
    }
}
