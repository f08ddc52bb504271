// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.pool;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.DefaultEventLoopGroup;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalServerChannel;
import io.netty.channel.pool.AbstractChannelPoolHandler;
import io.pkttraits.Traits;
import io.pkttraits.transport.UnsendablePolicy;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A pool map on in-process channels, whose traits go nowhere; for the mechanics of the pool alone. */
public final class PoolFixture implements AutoCloseable {
    private static final Duration LONG = Duration.ofMinutes(1);

    final EventLoopGroup group;
    /** Accepted channels take loops in turn as well, which must not be the clients'. */
    private final EventLoopGroup serverGroup;

    final LinkedBlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
    final LocalAddress address;
    public final TraitsChannelPoolMap map;

    public PoolFixture(TraitsPoolLimits limits) throws Exception {
        this(limits, 2);
    }

    @SuppressWarnings("deprecation") // Netty 4.1 has no other group for local channels, and this runs there too.
    PoolFixture(TraitsPoolLimits limits, int loops) throws Exception {
        group = new DefaultEventLoopGroup(loops);
        serverGroup = new DefaultEventLoopGroup(1);
        Channel listener = new ServerBootstrap()
                .group(serverGroup)
                .channel(LocalServerChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel ch) {
                        accepted.add(ch);
                    }
                })
                .bind(new LocalAddress(PoolFixture.class))
                .sync()
                .channel();
        address = (LocalAddress) listener.localAddress();
        map = newMap(group, limits);
    }

    public static TraitsPoolLimits limits(int maxTotalConnections, int maxConnections) {
        return limits(maxTotalConnections, maxConnections, 1, LONG, LONG);
    }

    static TraitsPoolLimits limits(
            int maxTotalConnections,
            int maxConnectionsPerKey,
            int maxPendingAcquires,
            Duration acquireTimeout,
            Duration idleTimeout) {
        return TraitsPoolLimits.builder()
                .maxTotalConnections(maxTotalConnections)
                .maxConnectionsPerKey(maxConnectionsPerKey)
                .maxPendingAcquires(maxPendingAcquires)
                .acquireTimeout(acquireTimeout)
                .idleTimeout(idleTimeout)
                .build();
    }

    static TraitsChannelPoolMap newMap(EventLoopGroup group, TraitsPoolLimits limits) {
        AbstractChannelPoolHandler handler = new AbstractChannelPoolHandler() {
            @Override
            public void channelCreated(Channel ch) {
                ch.pipeline().addLast(new ChannelInboundHandlerAdapter());
            }
        };
        Bootstrap bootstrap = new Bootstrap().group(group).channel(LocalChannel.class);
        return new TraitsChannelPoolMap(bootstrap, handler, limits, UnsendablePolicy.DROP);
    }

    public UpstreamKey key(int number) {
        return new UpstreamKey(
                address, Traits.builder().putInt(number % 64, number).build());
    }

    public Channel acquire(int number) throws Exception {
        return map.acquire(key(number)).sync().getNow();
    }

    public void release(Channel channel) throws Exception {
        map.release(channel).sync();
    }

    /** Opens a connection and gives it back. */
    public Channel use(int number) throws Exception {
        Channel channel = acquire(number);
        release(channel);
        return channel;
    }

    public static void await(BooleanSupplier condition) throws InterruptedException {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(20)) {
                throw new AssertionError("did not become true in 20 s");
            }
            Thread.sleep(1);
        }
    }

    @Override
    public void close() {
        map.closeAsync().syncUninterruptibly();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        serverGroup.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
