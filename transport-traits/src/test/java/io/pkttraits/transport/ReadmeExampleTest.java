// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.pkttraits.codec.Traits;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The example of the README is this file's, and does what it says. */
@Tag("netty-4.2")
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
                                    .handler(new UpstreamTraits(traits)) // sets them before connect
                                    .connect(upstream);
                        }
                    }
                });
        // README ends
    }

    @Test
    void traitsPassThroughTheExampleToTheUpstream() throws Exception {
        Traits traits = Traits.EMPTY.withInt(4, 12345).withFlag(9);
        try (TestServer upstream =
                new TestServer(EPOLL, Family.IPV4, bootstrap -> bootstrap.handler(new SynTraitsHandler()))) {
            Channel server = example(EPOLL.group(), upstream.address())
                    .bind("127.0.0.1", 0)
                    .sync()
                    .channel();
            TestServer.client(EPOLL, new UpstreamTraits(traits))
                    .connect(server.localAddress())
                    .sync();
            assertEquals(traits, SynTraits.of(upstream.nextAccepted()));
            server.close().sync();
        }
    }

    @Test
    void readmeShowsThisCode() throws Exception {
        String source = between(
                Files.readString(Path.of("src/test/java", getClass().getName().replace('.', '/') + ".java")),
                "// README begins\n",
                "        // README ends");
        String readme = between(Files.readString(Path.of("../README.md")), "```java\n", "```");
        assertEquals(source.stripTrailing().stripIndent(), readme.strip());
        assertTrue(readme.lines().count() <= 30, "as long as this it is no short example");
    }

    private static String between(String text, String begin, String end) {
        int from = text.indexOf(begin) + begin.length();
        return text.substring(from, text.indexOf(end, from));
    }
}
