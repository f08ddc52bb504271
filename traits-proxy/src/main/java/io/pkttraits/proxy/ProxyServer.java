// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.pkttraits.proxy.admin.AdminSource;
import io.pkttraits.proxy.admin.ProxyAdmin;
import io.pkttraits.proxy.config.ProxyConfig;
import io.pkttraits.proxy.http.ClientPipeline;
import io.pkttraits.proxy.http.ConnectionContext;
import io.pkttraits.proxy.http3.Http3Listener;
import io.pkttraits.proxy.log.AccessLog;
import io.pkttraits.proxy.log.ProxyTraffic;
import io.pkttraits.proxy.net.ClientConnections;
import io.pkttraits.proxy.net.HostPort;
import io.pkttraits.proxy.net.IoTransport;
import io.pkttraits.proxy.upstream.UpstreamPools;
import io.pkttraits.transport.SynTraitsHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The running proxy: listens, and holds everything that has to be closed at its end. */
public final class ProxyServer {
    private static final int BACKLOG = 1024;
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);

    private final ProxyConfig config;
    private final EventLoopGroup group;
    private final ConnectionContext context;
    private final Http3Listener http3;
    private Channel listener;

    private ProxyServer(ProxyConfig config) {
        this.config = config;
        group = new MultiThreadIoEventLoopGroup(
                config.threads(), config.transport().ioHandlers());
        context = new ConnectionContext(
                config,
                HostPort.of(config.upstream()).toString(),
                new UpstreamPools(group, config),
                new AccessLog(config.accessLog(), () -> config.rules().get().names()),
                new ProxyTraffic(),
                new ClientConnections());
        http3 = new Http3Listener(context);
    }

    /** Starts a proxy that accepts connections when this returns; throws what kept it from listening. */
    public static ProxyServer start(ProxyConfig config) throws IOException {
        ProxyServer server = new ProxyServer(config);
        boolean done = false;
        try {
            server.bind();
            done = true;
        } finally {
            if (!done) {
                server.close();
            }
        }
        return server;
    }

    private void bind() throws IOException {
        // First, since the responses on the other port name its port.
        if (config.listenH3() != null) {
            http3.bind(group.next(), config.listenH3(), config.tlsH3());
        }
        if (config.listen() != null) {
            ChannelFuture bound = bootstrap().bind(config.listen()).awaitUninterruptibly();
            if (!bound.isSuccess()) {
                throw new IOException(bound.cause().getMessage(), bound.cause());
            }
            listener = bound.channel();
        }
    }

    /** Where it listens for TCP, with the port that it got; {@code null} if it does not. */
    public InetSocketAddress address() {
        return listener == null ? null : (InetSocketAddress) listener.localAddress();
    }

    /** Where it listens for HTTP/3, with the port that it got; {@code null} if it does not. */
    public InetSocketAddress addressH3() {
        return config.listenH3() == null ? null : http3.address();
    }

    /**
     * Ends the proxy: accepts nothing more, lets requests in flight finish for as long as {@code grace}, then closes everything.
     * Blocks; not to be called on an event loop.
     *
     * @return whether all requests could finish
     */
    public boolean shutDown(Duration grace) {
        context.clients().startDraining();
        if (listener != null) {
            listener.close().awaitUninterruptibly();
        }
        boolean drained = context.clients().drain(grace);
        close();
        return drained;
    }

    private void close() {
        http3.close();
        // A loop that ends may leave channels open that are not closed by then (Netty 4.2.18).
        context.pools().close(CLOSE_PATIENCE);
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    IoTransport transport() {
        return config.transport();
    }

    /** What its clients' connections have, for tests to look at. */
    ConnectionContext context() {
        return context;
    }

    /** What the admin endpoint shows of this proxy. */
    public AdminSource admin() {
        return new ProxyAdmin(config, context.clients(), context.pools(), context.traffic());
    }

    private ServerBootstrap bootstrap() {
        ClientPipeline pipelines = new ClientPipeline(context, addressH3());
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
                        context.clients().add(ch);
                        pipelines.init(ch);
                    }
                });
    }
}
