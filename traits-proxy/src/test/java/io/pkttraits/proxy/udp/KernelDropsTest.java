// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.udp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.pkttraits.Traits;
import io.pkttraits.proxy.Await;
import io.pkttraits.transport.datagram.EpollTraitsDatagramChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class KernelDropsTest {
    @Test
    void tellsWhatDidNotFitTheReceiveBuffer() throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try (TestPeer sender = new TestPeer("127.0.0.1")) {
            Channel deaf = new Bootstrap()
                    .group(group)
                    .channelFactory(() -> new EpollTraitsDatagramChannel(SocketProtocolFamily.INET))
                    .option(ChannelOption.AUTO_READ, false)
                    .option(ChannelOption.SO_RCVBUF, 4096)
                    .handler(new ChannelInboundHandlerAdapter())
                    .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .sync()
                    .channel();
            assertEquals(0, KernelDrops.of(deaf));
            for (int i = 0; i < 100; i++) {
                sender.send((InetSocketAddress) deaf.localAddress(), "x".repeat(1000), Traits.EMPTY);
            }
            // The kernel may have some of them on their way still.
            Await.until(() -> KernelDrops.of(deaf) > 50);
            long dropped = KernelDrops.of(deaf);
            assertTrue(dropped > 50 && dropped < 100, () -> "dropped " + dropped);
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }
}
