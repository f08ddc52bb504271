// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.admin;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.channel.Channel;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.ssl.SslHandler;
import io.pkttraits.proxy.config.ProxyConfig;
import io.pkttraits.proxy.log.ClientView;
import io.pkttraits.proxy.log.ProxyTraffic;
import io.pkttraits.proxy.log.RequestRate;
import io.pkttraits.proxy.net.ClientConnections;
import io.pkttraits.proxy.net.HostPort;
import io.pkttraits.proxy.upstream.UpstreamPools;
import io.pkttraits.registry.TraitRegistry;
import io.pkttraits.transport.PacketTraits;
import io.pkttraits.transport.pool.TraitsChannelPoolMap;
import io.pkttraits.transport.pool.TraitsPoolStats;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the admin endpoint shows of a running proxy. */
public final class ProxyAdmin implements AdminSource {
    /** Connections that are shown; a page of more is of no use to anybody. */
    static final int MAX_SHOWN = 200;

    private final ProxyConfig config;
    private final ClientConnections clients;
    private final UpstreamPools pools;
    private final ProxyTraffic traffic;
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    public ProxyAdmin(ProxyConfig config, ClientConnections clients, UpstreamPools pools, ProxyTraffic traffic) {
        this.config = config;
        this.clients = clients;
        this.pools = pools;
        this.traffic = traffic;
        new ProxyMetrics(clients, pools, traffic, config.rules()).bindTo(meters);
    }

    @Override
    public boolean isDraining() {
        return clients.isDraining();
    }

    @Override
    public String scrape() {
        return meters.scrape();
    }

    @Override
    public LiveView view() {
        TraitRegistry names = config.rules().get().names();
        List<LiveView.Connection> shown = new ArrayList<>();
        int open = 0;
        for (Channel client : clients) {
            open++;
            if (shown.size() < MAX_SHOWN) {
                RequestRate rate = ProxyTraffic.of(client);
                ClientView seen = ClientView.of(client);
                shown.add(new LiveView.Connection(
                        peer(client, seen),
                        protocol(client, seen),
                        names.format(seen.traits()),
                        rate.requests(),
                        rate.perSecond()));
            }
        }
        return new LiveView(totals(open), shown, open - shown.size());
    }

    private List<LiveView.Total> totals(int open) {
        RequestRate all = traffic.all();
        int idle = 0;
        int leased = 0;
        int waiting = 0;
        for (TraitsChannelPoolMap map : pools.all()) {
            TraitsPoolStats stats = map.stats();
            idle += stats.idle();
            leased += stats.leased();
            waiting += stats.waiting();
        }
        return List.of(
                new LiveView.Total("carrier", PacketTraits.carrier().id()),
                new LiveView.Total("transport", config.transport().toString()),
                new LiveView.Total("state", clients.isDraining() ? "draining" : "serving"),
                new LiveView.Total("connections", Integer.toString(open)),
                new LiveView.Total("requests", Long.toString(all.requests())),
                new LiveView.Total("requests per second", String.format(Locale.ROOT, "%.1f", all.perSecond())),
                new LiveView.Total("upstream connections in use", Integer.toString(leased)),
                new LiveView.Total("upstream connections idle", Integer.toString(idle)),
                new LiveView.Total("requests waiting for one", Integer.toString(waiting)));
    }

    private static String peer(Channel client, ClientView seen) {
        SocketAddress socket = client instanceof QuicChannel quic ? quic.remoteSocketAddress() : client.remoteAddress();
        SocketAddress peer = seen.peer() == null ? socket : seen.peer();
        return peer instanceof InetSocketAddress inet ? HostPort.of(inet).toString() : "-";
    }

    private static String protocol(Channel client, ClientView seen) {
        if (client instanceof QuicChannel) {
            return "HTTP/3";
        }
        return client.pipeline().get(SslHandler.class) == null ? seen.protocol() : seen.protocol() + " TLS";
    }
}
