// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.example;

import static io.netty.util.NetUtil.toSocketAddressString;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.Future;
import io.pkttraits.Traits;
import io.pkttraits.transport.datagram.DatagramTraits;
import io.pkttraits.transport.datagram.EpollTraitsDatagramChannel;
import io.pkttraits.transport.datagram.TraitsDatagramPacket;
import java.net.InetSocketAddress;

/**
 * A UDP server that prints the traits of each datagram and sends it back with the same traits. {@link UdpClient} is a client for it.
 *
 * <p>With io_uring the program is the same: replace {@code Epoll} with {@code IoUring} in two names.
 */
public final class UdpEcho {
    /** A trait key. Its value is a number of 4 bytes in host byte order. */
    private static final int CUSTOMER_ID = 4;
    /** Another trait key. Its value is a number of 2 bytes in host byte order. */
    private static final int PRIORITY = 5;

    private UdpEcho() {}

    public static void main(String[] args) throws InterruptedException {
        if (args.length != 1) {
            System.err.println("usage: UdpEcho LISTEN_HOST:PORT");
            System.exit(2);
        }
        DatagramTraits.ensureAvailability(); // throws, and says what is missing, if traits cannot be read and sent
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        // tag::datagram[]
        Bootstrap bootstrap = new Bootstrap()
                .group(group)
                .channel(EpollTraitsDatagramChannel.class) // instead of EpollDatagramChannel
                .handler(new SimpleChannelInboundHandler<TraitsDatagramPacket>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext ctx, TraitsDatagramPacket packet) {
                        Traits traits = packet.traits(); // of this datagram; never null
                        print(packet.sender(), traits);
                        ByteBuf echo = packet.content().retain();
                        // Fails with a TraitsException if the traits cannot be sent.
                        ctx.writeAndFlush(new TraitsDatagramPacket(echo, packet.sender(), traits))
                                .addListener(UdpEcho::printFailure);
                    }
                });
        // end::datagram[]
        Channel socket = bootstrap.bind(address(args[0])).sync().channel();
        System.out.println("listening on " + toSocketAddressString((InetSocketAddress) socket.localAddress())
                + ", carrier " + DatagramTraits.carrier());
    }

    private static void print(InetSocketAddress sender, Traits traits) {
        System.out.println(toSocketAddressString(sender) + " customer_id=" + traits.getInt(CUSTOMER_ID, -1)
                + " priority=" + traits.getInt(PRIORITY, -1));
    }

    private static void printFailure(Future<?> written) {
        if (!written.isSuccess()) {
            System.err.println(written.cause());
        }
    }

    private static InetSocketAddress address(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        return new InetSocketAddress(
                hostAndPort.substring(0, colon), Integer.parseInt(hostAndPort.substring(colon + 1)));
    }
}
