// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringIoHandler;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A submission queue that has no room for a batch: it is submitted in parts. */
@Tag("netty-4.2")
@Tag("test-kernel")
final class SmallRingTest {
    private static final int RING_SIZE = 16;
    private static final int COUNT = 200;

    @Test
    void batchesThatDoNotFitTheRingKeepTheirOrder() throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, IoUringIoHandler.newFactory(RING_SIZE));
        DatagramInbox inbox = new DatagramInbox();
        try {
            DatagramChannel channel = (DatagramChannel) new Bootstrap()
                    .group(group)
                    .channelFactory(IoUringTraitsDatagramChannel::new)
                    .option(IoUringChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, 64)
                    .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(64 * 64))
                    .option(ChannelOption.SO_RCVBUF, 1 << 20)
                    .handler(inbox)
                    .bind(InetAddress.getLoopbackAddress(), 0)
                    .sync()
                    .channel();
            List<ChannelFuture> written = new ArrayList<>();
            for (int i = 0; i < COUNT; i++) {
                written.add(channel.write(new DatagramPacket(DatagramFixture.text("n" + i), channel.localAddress())));
            }
            channel.flush();
            for (ChannelFuture future : written) {
                future.sync();
            }
            for (int i = 0; i < COUNT; i++) {
                assertEquals("n" + i, inbox.nextText());
            }
            channel.close().sync();
        } finally {
            group.shutdownGracefully().sync();
        }
    }
}
