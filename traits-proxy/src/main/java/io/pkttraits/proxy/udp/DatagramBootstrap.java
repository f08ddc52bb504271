// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.udp;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.SocketProtocolFamily;
import java.net.Inet4Address;
import java.net.InetAddress;

/** How the sockets of the relay are made, on both sides. */
final class DatagramBootstrap {
    /** Datagrams of one system call. */
    private static final int MAX_BATCH = 64;
    /** Bytes; what Netty's allocator still pools. */
    private static final int MAX_RECEIVE = 1 << 20;
    /** Bytes that may wait on one socket; a full batch is flushed before it is asked whether there is room. */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(128 << 10, 256 << 10);

    private DatagramBootstrap() {}

    /** For sockets of the family of an address. */
    static Bootstrap of(RelayConfig config, EventLoop loop, InetAddress address) {
        SocketProtocolFamily family =
                address instanceof Inet4Address ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
        // One byte more, by which a datagram shows that is larger.
        int size = config.limits().maxDatagram() + 1;
        int batch = Math.max(1, Math.min(MAX_RECEIVE / size, MAX_BATCH));
        return new Bootstrap()
                .group(loop)
                .channelFactory(() -> config.transport().datagramChannel().apply(family))
                // By its name, which is how Netty finds options, it is that of io_uring too.
                .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, size)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(batch * size))
                .option(ChannelOption.SO_RCVBUF, config.limits().receiveBuffer())
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK);
    }
}
