// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ChannelException;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.Socket;
import io.pkttraits.transport.PacketTraits;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Channels of sockets that were opened elsewhere. */
@Tag("netty-4.2")
@Tag("test-kernel")
final class DatagramDescriptorTest {
    private final DatagramInbox inbox = new DatagramInbox();

    private DatagramChannel register(DatagramFixture fixture, Socket socket) throws Exception {
        DatagramChannel channel = fixture.transport.ofDescriptor(socket.intValue());
        assertTrue(channel.isActive());
        channel.pipeline().addLast(inbox);
        fixture.transport.group.register(channel).sync();
        return fixture.opened(channel);
    }

    private static Socket open(DatagramFamily family) throws Exception {
        PacketTraits.isReceiveAvailable(); // loads a native transport
        Socket socket = UdpSocket.open(family != DatagramFamily.IPV4);
        socket.bind(family.bindAddress());
        return socket;
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.ALL)
    void boundSocketIsAnActiveChannelFromTheStart(DatagramTransport transport, DatagramFamily family) throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            Socket socket = open(family);
            DatagramChannel channel = register(fixture, socket);
            assertEquals(socket.localAddress(), channel.localAddress());
            assertNull(channel.remoteAddress());
            assertFalse(channel.isConnected());
            channel.writeAndFlush(new DatagramPacket(DatagramFixture.text("self"), fixture.to(channel)))
                    .sync();
            assertEquals("self", inbox.nextText());
            channel.close().sync();
            assertThrows(IOException.class, () -> socket.getSoError());
        }
    }

    @ParameterizedTest
    @MethodSource(DatagramTransport.ALL)
    void connectedSocketHasItsPeer(DatagramTransport transport, DatagramFamily family) throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, family)) {
            DatagramInbox atPeer = new DatagramInbox();
            DatagramChannel peer = fixture.bind(atPeer);
            Socket socket = open(family);
            socket.connect(fixture.to(peer));
            DatagramChannel channel = register(fixture, socket);
            InetSocketAddress remote = channel.remoteAddress();
            assertEquals(fixture.to(peer), remote);
            // Stock channels say that they are not connected.
            assertEquals(transport.hasTraits(), channel.isConnected());
            channel.writeAndFlush(DatagramFixture.text("hello")).sync();
            assertEquals("hello", atPeer.nextText());
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNoSocketIsRefused(DatagramTransport transport) {
        if (transport.hasTraits()) {
            assertThrows(ChannelException.class, () -> transport.ofDescriptor(Integer.MAX_VALUE));
        }
    }
}
