// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.admin;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.pkttraits.proxy.net.IoTransport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * Serves {@code /metrics} (Prometheus), {@code /healthz} (200, or 503 while draining) and {@code /}, a live view that goes on by
 * server-sent events at {@code /events}. It asks nobody who they are, so it is for loopback or a network of operators.
 *
 * <p>It has one thread and a bounded number of connections, each for one request, so that its clients cannot take anything from
 * the proxy but that thread's time.
 */
public final class AdminServer implements AutoCloseable {
    private static final int MAX_CONNECTIONS = 64;
    private static final int MAX_LINE = 2048;
    private static final int MAX_HEADER = 8192;
    private static final int MAX_BODY = 1024;
    private static final int WRITE_SECONDS = 20;
    private static final int EVENT_MILLIS = 1000;

    private final EventLoopGroup group;
    private final Channel listener;
    private final ChannelGroup connections;

    private AdminServer(EventLoopGroup group, Channel listener, ChannelGroup connections) {
        this.group = group;
        this.connections = connections;
        this.listener = listener;
    }

    /** Starts one that listens when this returns; throws what kept it from that. */
    public static AdminServer start(InetSocketAddress address, IoTransport transport, AdminSource source)
            throws IOException {
        EventLoopGroup group =
                new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("admin", true), transport.ioHandlers());
        EventLoop loop = group.next();
        ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
        EventStreams events = new EventStreams(() -> LivePage.fragment(source.view()));
        ChannelFuture bound = new ServerBootstrap()
                .group(group)
                .channel(transport.serverChannel())
                .option(ChannelOption.SO_REUSEADDR, true)
                .childHandler(new Initializer(
                        source, events, connections, address.getAddress().isLoopbackAddress()))
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw new IOException(bound.cause().getMessage(), bound.cause());
        }
        loop.scheduleAtFixedRate(events::send, EVENT_MILLIS, EVENT_MILLIS, TimeUnit.MILLISECONDS);
        return new AdminServer(group, bound.channel(), connections);
    }

    /** Where it listens, with the port that it got. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** Ends it and all of its connections. Blocks; not to be called on an event loop. */
    @Override
    public void close() {
        listener.close().awaitUninterruptibly();
        connections.close().awaitUninterruptibly();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** On the one event loop, as everything here. */
    private static final class Initializer extends ChannelInitializer<Channel> {
        private final AdminSource source;
        private final EventStreams events;
        private final ChannelGroup connections;
        private final boolean onLoopback;

        Initializer(AdminSource source, EventStreams events, ChannelGroup connections, boolean onLoopback) {
            this.source = source;
            this.events = events;
            this.connections = connections;
            this.onLoopback = onLoopback;
        }

        @Override
        protected void initChannel(Channel ch) {
            if (connections.size() >= MAX_CONNECTIONS) {
                ch.close();
                return;
            }
            connections.add(ch);
            ch.pipeline()
                    .addLast(new WriteTimeoutHandler(WRITE_SECONDS))
                    .addLast(new HttpServerCodec(MAX_LINE, MAX_HEADER, MAX_BODY))
                    .addLast(new HttpObjectAggregator(MAX_BODY, true))
                    .addLast(new AdminHandler(source, events, onLoopback));
        }
    }
}
