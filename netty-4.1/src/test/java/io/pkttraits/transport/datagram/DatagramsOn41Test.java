// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.pkttraits.transport.CarrierType;
import java.net.StandardProtocolFamily;
import org.junit.jupiter.api.Test;

/** Who uses datagram channels on Netty 4.1 is told that they need 4.2, and not which class is not found. */
final class DatagramsOn41Test {
    private static void assertNames42(Throwable cause) {
        assertInstanceOf(UnsupportedOperationException.class, cause);
        assertTrue(cause.getMessage().contains("need Netty 4.2, this is 4.1."), cause::getMessage);
    }

    @Test
    void channelIsRefused() {
        assertNames42(assertThrows(UnsupportedOperationException.class, EpollTraitsDatagramChannel::new));
        assertNames42(assertThrows(
                UnsupportedOperationException.class,
                () -> new EpollTraitsDatagramChannel(StandardProtocolFamily.INET)));
        assertNames42(assertThrows(UnsupportedOperationException.class, () -> new EpollTraitsDatagramChannel(0)));
        assertNames42(assertThrows(UnsupportedOperationException.class, IoUringTraitsDatagramChannel::new));
        assertNames42(assertThrows(
                UnsupportedOperationException.class,
                () -> new IoUringTraitsDatagramChannel(StandardProtocolFamily.INET)));
        assertNames42(assertThrows(UnsupportedOperationException.class, () -> new IoUringTraitsDatagramChannel(0)));
    }

    @Test
    void bootstrapOfTheClassIsRefused() {
        EventLoopGroup group = new EpollEventLoopGroup(1);
        try {
            Bootstrap bootstrap = new Bootstrap()
                    .group(group)
                    .channel(EpollTraitsDatagramChannel.class)
                    .handler(new ChannelInboundHandlerAdapter());
            ChannelException failure =
                    assertThrows(ChannelException.class, () -> bootstrap.bind(0).sync());
            assertNames42(failure.getCause().getCause());
        } finally {
            group.shutdownGracefully();
        }
    }

    @Test
    void traitsOfDatagramsAreUnavailable() {
        assertEquals(CarrierType.NONE, DatagramTraits.carrier());
        assertNames42(DatagramTraits.unavailabilityCause());
        assertThrows(UnsupportedOperationException.class, DatagramTraits::ensureAvailability);
    }
}
