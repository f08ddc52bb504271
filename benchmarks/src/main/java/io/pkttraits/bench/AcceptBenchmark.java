// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.pkttraits.Traits;
import io.pkttraits.transport.ConnectTraitsHandler;
import io.pkttraits.transport.PacketTraits;
import io.pkttraits.transport.SynTraits;
import io.pkttraits.transport.SynTraitsHandler;
import java.net.SocketAddress;
import java.util.concurrent.LinkedTransferQueue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A connection on loopback, connected, accepted and closed, by stock Netty and with traits; the difference is what
 * traits cost. Client and server share the JVM, so bytes per operation are those of both.
 */
@State(Scope.Benchmark)
public class AcceptBenchmark {
    /** {@code stock}: no class of ours. {@code saved}: the server asks, no traits come. {@code traits}: two come. */
    @Param({"stock", "saved", "traits"})
    public String connection;

    private final LinkedTransferQueue<Channel> accepted = new LinkedTransferQueue<>();
    private final Traits traits = Traits.EMPTY.withInt(4, 12345).withLong(9, 67890);
    private EventLoopGroup group;
    private SocketAddress address;

    @Setup(Level.Trial)
    public void listen() throws InterruptedException {
        group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        ServerBootstrap server = new ServerBootstrap()
                .group(group)
                .channel(EpollServerSocketChannel.class)
                .childHandler(new Accepted());
        if (!connection.equals("stock")) {
            PacketTraits.ensureAvailability();
            System.out.println("# carrier: " + PacketTraits.carrier());
            server.handler(new SynTraitsHandler());
        }
        address = server.bind("127.0.0.1", 0).sync().channel().localAddress();
    }

    @TearDown(Level.Trial)
    public void close() throws InterruptedException {
        group.shutdownGracefully().sync();
    }

    @Benchmark
    public Traits connectAcceptClose() throws InterruptedException {
        Channel client = new Bootstrap()
                .group(group)
                .channel(EpollSocketChannel.class)
                .handler(connection.equals("traits") ? new ConnectTraitsHandler(traits) : new Nothing())
                .connect(address)
                .sync()
                .channel();
        Channel server = accepted.take();
        Traits seen = connection.equals("stock") ? null : SynTraits.of(server);
        if (connection.equals("traits") && !traits.equals(seen)) {
            throw new IllegalStateException("set " + traits + ", read " + seen);
        }
        client.close().sync();
        server.closeFuture().sync();
        return seen;
    }

    @ChannelHandler.Sharable
    private final class Accepted extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            accepted.add(ctx.channel());
        }
    }

    @ChannelHandler.Sharable
    private static final class Nothing extends ChannelInboundHandlerAdapter {}
}
