// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollMode;
import io.netty.channel.socket.DatagramChannel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Options that epoll alone has. */
@Tag("netty-4.2")
@SuppressWarnings("deprecation") // users' code still has them
final class EpollDatagramOptionsTest {
    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "STOCK_EPOLL"})
    void everyEpollModeIsTakenForLevelTriggered(DatagramTransport transport) throws Exception {
        try (DatagramFixture fixture = new DatagramFixture(transport, DatagramFamily.IPV4)) {
            DatagramInbox inbox = new DatagramInbox();
            DatagramChannel channel = fixture.bind(
                    inbox, bootstrap -> bootstrap.option(EpollChannelOption.EPOLL_MODE, EpollMode.EDGE_TRIGGERED));
            assertEquals(EpollMode.LEVEL_TRIGGERED, channel.config().getOption(EpollChannelOption.EPOLL_MODE));
            assertTrue(channel.config().setOption(EpollChannelOption.EPOLL_MODE, EpollMode.LEVEL_TRIGGERED));
        }
    }
}
