// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A server on an ephemeral port whose accepted channels queue up for the test, and clients for it. */
public final class TestServer implements AutoCloseable {
    public static final long TIMEOUT_SECONDS = 20;

    private final TestTransport transport;
    private final Family family;
    private final EventLoopGroup group;
    private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
    private final ChannelGroup opened = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final Channel listener;

    public TestServer(TestTransport transport, Family family, Consumer<ServerBootstrap> options) throws Exception {
        this(transport, family, family.listen, options);
    }

    /** A server whose listeners come from a factory. */
    static TestServer of(TestTransport transport, Family family, ChannelFactory<? extends ServerChannel> listeners)
            throws Exception {
        return new TestServer(transport, family, family.listen, listeners, bootstrap -> {});
    }

    TestServer(TestTransport transport, Family family, String listen, Consumer<ServerBootstrap> options)
            throws Exception {
        this(transport, family, listen, new ReflectiveChannelFactory<>(transport.serverChannel()), options);
    }

    private TestServer(
            TestTransport transport,
            Family family,
            String listen,
            ChannelFactory<? extends ServerChannel> listeners,
            Consumer<ServerBootstrap> options)
            throws Exception {
        this.transport = transport;
        this.family = family;
        group = transport.group();
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .channelFactory(listeners)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        opened.add(channel);
                        accepted.add(channel);
                    }
                });
        options.accept(bootstrap);
        listener = bootstrap.bind(listen, 0).sync().channel();
    }

    Channel listener() {
        return listener;
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(family.connect, ((InetSocketAddress) listener.localAddress()).getPort());
    }

    public ChannelFuture connectTo(InetSocketAddress remote, ChannelHandler... handlers) {
        return client(transport, new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        opened.add(channel);
                        channel.pipeline().addLast(handlers);
                    }
                })
                .connect(remote);
    }

    static Bootstrap client(TestTransport transport, ChannelHandler handler) {
        return new Bootstrap()
                .group(transport.group())
                .channel(transport.channel())
                .handler(handler);
    }

    public Channel connect(ChannelHandler... handlers) throws Exception {
        return connectTo(address(), handlers.length == 0 ? new ChannelHandler[] {new Idle()} : handlers)
                .sync()
                .channel();
    }

    /** The next connection in the order of accept. */
    public Channel nextAccepted() throws Exception {
        Channel channel = accepted.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        if (channel == null) {
            throw new AssertionError("no connection accepted in " + TIMEOUT_SECONDS + " s");
        }
        return channel;
    }

    @Override
    public void close() {
        listener.close().syncUninterruptibly();
        opened.close().syncUninterruptibly();
    }

    private static final class Idle extends ChannelInboundHandlerAdapter {}
}
