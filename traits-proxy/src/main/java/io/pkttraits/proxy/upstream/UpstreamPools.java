// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.pool.ChannelPoolHandler;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.pkttraits.proxy.config.ProxyConfig;
import io.pkttraits.proxy.config.UpstreamProtocol;
import io.pkttraits.proxy.hop.ProxyHeaderWriter;
import io.pkttraits.proxy.net.ClientNetwork;
import io.pkttraits.transport.pool.TraitsChannelPoolMap;
import io.pkttraits.transport.pool.TraitsPoolLimits;
import io.pkttraits.transport.pool.UpstreamKey;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The upstream connections of each event loop. An exchange has both of its connections on one event loop, so that everything
 * about it happens on one thread; the price is that event loops do not share connections.
 */
public final class UpstreamPools {
    private final IdentityHashMap<EventExecutor, OfLoop> loops = new IdentityHashMap<>();

    /** @param streams {@code null} where the upstream speaks HTTP/1.1 */
    private record OfLoop(TraitsChannelPoolMap pools, PendingShares shares, Http2Upstreams streams) {
        UpstreamLease lease(UpstreamKey key, ClientNetwork client) {
            return streams == null ? new Http1Lease(pools, shares, key, client) : new Http2Lease(streams, key, client);
        }
    }

    public UpstreamPools(EventLoopGroup group, ProxyConfig config) {
        ProxyConfig.Limits limits = config.limits();
        TraitsPoolLimits poolLimits = TraitsPoolLimits.builder()
                .maxTotalConnections(limits.maxTotalConnections())
                .maxConnectionsPerKey(limits.maxConnections())
                .maxPendingAcquires(limits.maxPending())
                .acquireTimeout(limits.connectTimeout())
                .idleTimeout(limits.idleTimeout())
                .build();
        for (EventExecutor loop : group) {
            Bootstrap bootstrap = new Bootstrap()
                    .group((EventLoop) loop)
                    .channel(config.transport().channel())
                    .option(ChannelOption.AUTO_READ, false)
                    // An upstream may refuse a request and close before it has read all of it. Its response is still
                    // there to be read when our write fails; how the connection ends is for the read to say.
                    .option(ChannelOption.AUTO_CLOSE, false)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .option(ChannelOption.SO_RCVBUF, limits.receiveBuffer())
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                            limits.connectTimeout().toMillis());
            boolean http2 = config.upstreamProtocol() == UpstreamProtocol.H2C;
            ChannelPoolHandler initializer = http2 ? new Http2UpstreamInitializer(limits) : new Initializer(limits);
            TraitsChannelPoolMap map =
                    new TraitsChannelPoolMap(bootstrap, initializer, poolLimits, config.unsendable());
            PendingShares shares = new PendingShares(limits.maxPendingPerClient());
            loops.put(loop, new OfLoop(map, shares, http2 ? new Http2Upstreams(map, shares, limits) : null));
        }
    }

    /** For one exchange on {@code loop}, which {@code client} has asked for. */
    public UpstreamLease lease(EventLoop loop, UpstreamKey key, ClientNetwork client) {
        return loops.get(loop).lease(key, client);
    }

    public List<TraitsChannelPoolMap> all() {
        return loops.values().stream().map(OfLoop::pools).toList();
    }

    /** Closes all connections, and waits at most {@code patience} for their ends. */
    public void close(Duration patience) {
        List<Future<Void>> closed =
                all().stream().map(TraitsChannelPoolMap::closeAsync).toList();
        long deadline = System.nanoTime() + patience.toNanos();
        closed.forEach(future -> future.awaitUninterruptibly(deadline - System.nanoTime(), TimeUnit.NANOSECONDS));
    }

    private static final class Initializer implements ChannelPoolHandler {
        private final ProxyConfig.Limits limits;

        Initializer(ProxyConfig.Limits limits) {
            this.limits = limits;
        }

        @Override
        public void channelCreated(Channel ch) {
            UpstreamDecoder decoder = new UpstreamDecoder(limits.decoderConfig());
            UpstreamHandler handler = new UpstreamHandler(decoder);
            ch.pipeline()
                    .addLast(handler.bytesWatch())
                    .addLast(decoder)
                    .addLast(new HttpRequestEncoder())
                    .addLast(handler);
            ProxyHeaderWriter.addIfDue(ch);
        }

        @Override
        public void channelAcquired(Channel ch) {}

        /** One read stays outstanding, to notice a connection that says something unasked. */
        @Override
        public void channelReleased(Channel ch) {
            ch.read();
        }
    }
}
