// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.admin;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.netty4.NettyAllocatorMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.pkttraits.proxy.config.LiveTraitRules;
import io.pkttraits.proxy.config.TraitRules;
import io.pkttraits.proxy.hop.HopCounter;
import io.pkttraits.proxy.log.ProxyTraffic;
import io.pkttraits.proxy.net.ClientConnections;
import io.pkttraits.proxy.upstream.UpstreamPools;
import io.pkttraits.registry.LiveTraitRegistry;
import io.pkttraits.transport.metrics.PacketTraitsMetrics;
import io.pkttraits.transport.metrics.TraitsPoolMetrics;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The meters of a proxy: its own, those of packet traits and of its pools, and those of the process. */
final class ProxyMetrics implements MeterBinder {
    private static final String PREFIX = "traits.proxy.";

    private final ClientConnections clients;
    private final UpstreamPools pools;
    private final ProxyTraffic traffic;
    private final Supplier<TraitRules> rules;

    ProxyMetrics(ClientConnections clients, UpstreamPools pools, ProxyTraffic traffic, Supplier<TraitRules> rules) {
        this.clients = clients;
        this.pools = pools;
        this.traffic = traffic;
        this.rules = rules;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        new PacketTraitsMetrics().bindTo(registry);
        new TraitsPoolMetrics(pools.all(), "upstream", Tags.empty()).bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        if (ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider allocator) {
            new NettyAllocatorMetrics(allocator).bindTo(registry);
        }
        Gauge.builder(PREFIX + "connections", clients, ClientConnections::size)
                .description("Open connections of clients")
                .strongReference(true)
                .register(registry);
        bindRequests(registry, traffic);
        bindHops(registry);
        if (rules instanceof LiveTraitRules live && live.names() != null) {
            bindNames(registry, live.names());
        }
    }

    private static void bindNames(MeterRegistry registry, LiveTraitRegistry names) {
        FunctionCounter.builder(PREFIX + "registry.reloads", names, LiveTraitRegistry::reloads)
                .description("Times that the registry of traits was replaced")
                .register(registry);
        FunctionCounter.builder(PREFIX + "registry.failures", names, LiveTraitRegistry::failures)
                .description("Changes of the registry of traits that were refused")
                .register(registry);
    }

    private static void bindHops(MeterRegistry registry) {
        for (HopCounter counter : HopCounter.values()) {
            FunctionCounter.builder(PREFIX + "hops", counter, HopCounter::get)
                    .description("What happened to traits in fields Packet-Traits and in PROXY headers")
                    .tag("event", counter.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
    }

    private static void bindRequests(MeterRegistry registry, ProxyTraffic traffic) {
        for (int i = 0; i < ProxyTraffic.VERSIONS.size(); i++) {
            for (int j = 0; j < ProxyTraffic.STATUSES.size(); j++) {
                int version = i;
                int status = j;
                FunctionCounter.builder(PREFIX + "requests", traffic, t -> t.ended(version, status))
                        .description("Requests that are done with")
                        .tag("version", ProxyTraffic.VERSIONS.get(i))
                        .tag("status", ProxyTraffic.STATUSES.get(j))
                        .register(registry);
            }
        }
        FunctionTimer.builder(
                        PREFIX + "request.duration",
                        traffic,
                        ProxyTraffic::ended,
                        ProxyTraffic::nanos,
                        TimeUnit.NANOSECONDS)
                .description("From a request's head to the end of its response")
                .register(registry);
    }
}
