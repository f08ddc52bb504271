// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.udp;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.pkttraits.proxy.net.ListenAddresses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The running relay. Each event loop has a listening socket for each address; where there are several loops the kernel divides
 * the clients among them by their addresses ({@code SO_REUSEPORT}, socket(7)), and a client stays with one.
 */
final class RelayServer {
    private final RelayConfig config;
    private final List<InetSocketAddress> addresses;
    private final RelayTotals totals = new RelayTotals();
    private final EventLoopGroup group;
    /** Listening ones, and those of flows. */
    private final ChannelGroup sockets = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

    private final List<Listener> listeners = new ArrayList<>();
    private final List<EventLoop> loops = new ArrayList<>();

    private RelayServer(RelayConfig config, List<InetSocketAddress> addresses) {
        this.config = config;
        this.addresses = addresses;
        group = new MultiThreadIoEventLoopGroup(
                config.threads(), config.transport().ioHandlers());
    }

    /** Starts a relay that receives when this returns; throws what kept it from listening. */
    static RelayServer start(RelayConfig config) throws IOException {
        List<InetSocketAddress> addresses = ListenAddresses.of(config.listen());
        if (addresses.contains(config.upstream())) {
            throw new IOException("the upstream is the relay itself");
        }
        RelayServer server = new RelayServer(config, addresses);
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
        Semaphore vacancies = new Semaphore(config.limits().maxFlows());
        for (EventExecutor executor : group) {
            EventLoop loop = (EventLoop) executor;
            for (InetSocketAddress address : addresses) {
                Listener listener = new Listener(config, loop, vacancies, totals, sockets);
                Bootstrap bootstrap = DatagramBootstrap.of(config, loop, address.getAddress());
                if (config.threads() > 1) {
                    bootstrap.option(UnixChannelOption.SO_REUSEPORT, true);
                }
                ChannelFuture bound = bootstrap.handler(listener).bind(address).awaitUninterruptibly();
                if (!bound.isSuccess()) {
                    throw new IOException(bound.cause().getMessage(), bound.cause());
                }
                listeners.add(listener);
                loops.add(loop);
            }
        }
    }

    /** Where it listens: the one address, or all that the wildcard stands for. */
    List<InetSocketAddress> addresses() {
        return addresses;
    }

    RelayTotals totals() {
        return totals;
    }

    /** Ends the relay. Blocks; not to be called on an event loop. */
    void close() {
        for (int i = 0; i < listeners.size(); i++) {
            loops.get(i).submit(listeners.get(i)::close).awaitUninterruptibly();
        }
        // A loop that ends may leave channels open that are not closed by then (Netty 4.2.18).
        sockets.close().awaitUninterruptibly();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
