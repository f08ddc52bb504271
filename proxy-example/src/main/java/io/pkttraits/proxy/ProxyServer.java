// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.pkttraits.transport.SynTraitsHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The running proxy: listens, and holds everything that has to be closed at its end. */
public final class ProxyServer {
    /** The user event that closes a client's connection as soon as no request is in flight, once the proxy ends. */
    static final Object DRAIN = new Object();

    /** Largest piece of content that is passed on as one; no larger than a single read. */
    static final int MAX_CONTENT = 64 * 1024;

    private static final int BACKLOG = 1024;

    private final ProxyConfig config;
    private final String upstreamAuthority;
    private final EventLoopGroup group;
    private final UpstreamPools pools;
    private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private Channel listener;
    private volatile boolean draining;

    private ProxyServer(ProxyConfig config) {
        this.config = config;
        upstreamAuthority = HostPort.of(config.upstream()).toString();
        group = new MultiThreadIoEventLoopGroup(
                config.threads(), config.transport().ioHandlers());
        pools = new UpstreamPools(group, config);
    }

    /** Starts a proxy that accepts connections when this returns; throws what kept it from listening. */
    public static ProxyServer start(ProxyConfig config) throws IOException {
        ProxyServer server = new ProxyServer(config);
        ChannelFuture bound = server.bootstrap().bind(config.listen()).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            server.shutDown();
            throw new IOException(bound.cause().getMessage(), bound.cause());
        }
        server.listener = bound.channel();
        return server;
    }

    /** Where it listens, with the port that it got. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /**
     * Ends the proxy: accepts nothing more, lets requests in flight finish for as long as {@code grace}, then closes everything.
     * Blocks; not to be called on an event loop.
     *
     * @return whether all requests could finish
     */
    public boolean shutDown(Duration grace) {
        draining = true;
        listener.close().awaitUninterruptibly();
        for (Channel client : clients) {
            client.pipeline().fireUserEventTriggered(DRAIN);
        }
        boolean drained = clients.newCloseFuture().awaitUninterruptibly(grace.toMillis(), TimeUnit.MILLISECONDS);
        clients.close().awaitUninterruptibly();
        shutDown();
        return drained;
    }

    private void shutDown() {
        pools.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    ProxyConfig config() {
        return config;
    }

    /** The value of a Host field where the client sent none. */
    String upstreamAuthority() {
        return upstreamAuthority;
    }

    UpstreamPools pools() {
        return pools;
    }

    boolean isDraining() {
        return draining;
    }

    private ServerBootstrap bootstrap() {
        ClientPipeline pipelines = new ClientPipeline(this);
        return new ServerBootstrap()
                .group(group)
                .channel(config.transport().serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_RCVBUF, config.limits().receiveBuffer())
                .handler(new SynTraitsHandler())
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel ch) {
                        clients.add(ch);
                        pipelines.init(ch);
                    }
                });
    }
}
