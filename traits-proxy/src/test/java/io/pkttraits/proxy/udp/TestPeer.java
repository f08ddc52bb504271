// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.udp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.pkttraits.Traits;
import io.pkttraits.transport.datagram.EpollTraitsDatagramChannel;
import io.pkttraits.transport.datagram.TraitsDatagramPacket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client or an upstream of a relay, on a port of its own. */
final class TestPeer implements AutoCloseable {
    private static final EventLoopGroup GROUP = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());

    private final Channel channel;
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();

    /** A datagram that came; its text has a character for each byte. */
    record Received(String text, Traits traits, InetSocketAddress sender) {}

    TestPeer(String host) throws Exception {
        this(host, 0);
    }

    TestPeer(String host, int port) throws Exception {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(host), port);
        SocketProtocolFamily family =
                address.getAddress() instanceof Inet4Address ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
        channel = new Bootstrap()
                .group(GROUP)
                .channelFactory(() -> new EpollTraitsDatagramChannel(family))
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(65536))
                .handler(new SimpleChannelInboundHandler<TraitsDatagramPacket>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext ctx, TraitsDatagramPacket packet) {
                        received.add(new Received(
                                packet.content().toString(StandardCharsets.ISO_8859_1),
                                packet.traits(),
                                packet.sender()));
                    }
                })
                .bind(address)
                .sync()
                .channel();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    void send(InetSocketAddress to, String text, Traits traits) throws Exception {
        channel.writeAndFlush(
                        new TraitsDatagramPacket(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1), to, traits))
                .sync();
    }

    Received next() throws Exception {
        Received next = received.poll(20, TimeUnit.SECONDS);
        assertNotNull(next, "no datagram came");
        return next;
    }

    /** The next one, which is to have that text and those traits. */
    Received next(String text, Traits traits) throws Exception {
        Received next = next();
        assertEquals(text, next.text());
        assertEquals(traits, next.traits());
        return next;
    }

    /** That many random bytes. */
    static String randomText(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    boolean hasNone() {
        return received.isEmpty();
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
    }
}
