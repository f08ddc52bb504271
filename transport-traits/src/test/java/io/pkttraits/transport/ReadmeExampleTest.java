// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DatagramChannel;
import io.pkttraits.Traits;
import io.pkttraits.transport.datagram.DatagramFamily;
import io.pkttraits.transport.datagram.DatagramFixture;
import io.pkttraits.transport.datagram.DatagramInbox;
import io.pkttraits.transport.datagram.DatagramTransport;
import io.pkttraits.transport.datagram.EpollTraitsDatagramChannel;
import io.pkttraits.transport.datagram.TraitsDatagramPacket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The example of the README is this file's, and does what it says. */
@Tag("netty-4.2")
@Tag("test-kernel")
final class ReadmeExampleTest {
    private static final TestTransport EPOLL = new EpollTestTransport();

    private static ServerBootstrap example(EventLoopGroup group, SocketAddress upstream) {
        // README begins
        return new ServerBootstrap()
                .group(group)
                .channel(EpollServerSocketChannel.class)
                .handler(new SynTraitsHandler()) // keeps the traits of each SYN, reads them at accept
                .childHandler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelActive(ChannelHandlerContext ctx) {
                        Traits traits = SynTraits.of(ctx.channel()); // never null; empty if there are none
                        int customer = traits.getInt(4, -1); // key 4 as 2 or 4 bytes, or -1

                        if (customer != -1) { // pass all of them on to the next hop
                            new Bootstrap()
                                    .group(ctx.channel().eventLoop())
                                    .channel(EpollSocketChannel.class)
                                    .handler(new ConnectTraitsHandler(traits)) // sets them before connect
                                    .connect(upstream);
                        }
                    }
                });
        // README ends
    }

    @Test
    void traitsPassThroughTheExampleToTheUpstream() throws Exception {
        Traits traits = Traits.EMPTY.withInt(4, 12345).withInt(9, 9);
        try (TestServer upstream =
                new TestServer(EPOLL, Family.IPV4, bootstrap -> bootstrap.handler(new SynTraitsHandler()))) {
            Channel server = example(EPOLL.group(), upstream.address())
                    .bind("127.0.0.1", 0)
                    .sync()
                    .channel();
            TestServer.client(EPOLL, new ConnectTraitsHandler(traits))
                    .connect(server.localAddress())
                    .sync();
            assertEquals(traits, SynTraits.of(upstream.nextAccepted()));
            server.close().sync();
        }
    }

    private static Bootstrap datagramExample(EventLoopGroup group) {
        // README begins
        return new Bootstrap()
                .group(group)
                .channel(EpollTraitsDatagramChannel.class) // in place of EpollDatagramChannel
                .handler(new SimpleChannelInboundHandler<TraitsDatagramPacket>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext ctx, TraitsDatagramPacket packet) {
                        Traits traits = packet.traits(); // of this datagram; never null
                        ByteBuf answer = packet.content().retain();
                        ctx.writeAndFlush(new TraitsDatagramPacket(answer, packet.sender(), traits.without(4)));
                    }
                });
        // README ends
    }

    @Test
    void datagramExampleAnswersWithTheTraitsThatItKeeps() throws Exception {
        DatagramInbox inbox = new DatagramInbox();
        Channel server = datagramExample(DatagramTransport.EPOLL.group)
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
        try (DatagramFixture fixture = new DatagramFixture(DatagramTransport.EPOLL, DatagramFamily.IPV4)) {
            DatagramChannel client = fixture.bind(inbox);
            client.writeAndFlush(new TraitsDatagramPacket(
                            DatagramFixture.text("echo"),
                            (InetSocketAddress) server.localAddress(),
                            Traits.EMPTY.withInt(4, 12345).withInt(9, 9)))
                    .sync();
            TraitsDatagramPacket answer = (TraitsDatagramPacket) inbox.next();
            assertEquals(Traits.EMPTY.withInt(9, 9), answer.traits());
            assertEquals("echo", answer.content().toString(StandardCharsets.US_ASCII));
            answer.release();
        } finally {
            server.close().sync();
        }
    }

    @Test
    void readmeShowsThisCode() throws Exception {
        List<String> source = blocks(
                Files.readString(Path.of("src/test/java", getClass().getName().replace('.', '/') + ".java")),
                "        // README begins\n",
                "        // README ends");
        List<String> readme = blocks(Files.readString(Path.of("../README.md")), "```java\n", "```");
        assertEquals(source, readme);
        assertTrue(readme.get(0).lines().count() <= 30, "as long as this it is no short example");
    }

    private static List<String> blocks(String text, String begin, String end) {
        List<String> blocks = new ArrayList<>();
        for (int from = text.indexOf(begin); from >= 0; from = text.indexOf(begin, from)) {
            from += begin.length();
            blocks.add(text.substring(from, text.indexOf(end, from))
                    .stripTrailing()
                    .stripIndent());
        }
        return blocks;
    }
}
