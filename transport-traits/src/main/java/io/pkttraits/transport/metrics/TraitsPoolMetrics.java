// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.pkttraits.transport.pool.TraitsChannelPoolMap;
import io.pkttraits.transport.pool.TraitsPoolStats;
import java.util.Collection;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Micrometer's view of the {@link TraitsChannelPoolMap}s that an application names, their sums under one name: gauges {@code
 * pkttraits.pool.connections} ({@code state}: idle, leased), {@code pkttraits.pool.waiting}, {@code pkttraits.pool.pools}, and the
 * counter {@code pkttraits.pool.evictions}. The meters hold the maps for as long as they are registered.
 *
 * @see TraitsPoolStats
 */
@SuppressWarnings("exports") // who uses it has Micrometer
public final class TraitsPoolMetrics implements MeterBinder {
    private static final String PREFIX = "pkttraits.pool.";

    private final List<TraitsChannelPoolMap> maps;
    private final Tags tags;

    /**
     * Names the maps.
     *
     * @param maps e.g. one for each event loop
     * @param name the value of the tag {@code pool}, e.g. that of the upstream
     * @param tags what each meter has beside that
     */
    public TraitsPoolMetrics(Collection<TraitsChannelPoolMap> maps, String name, Iterable<Tag> tags) {
        this.maps = List.copyOf(maps);
        this.tags = Tags.of(tags).and("pool", name);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge("connections", "Connections of the pools", tags.and("state", "idle"), TraitsPoolStats::idle, registry);
        gauge(
                "connections",
                "Connections of the pools",
                tags.and("state", "leased"),
                TraitsPoolStats::leased,
                registry);
        gauge("waiting", "Acquires that wait for a connection", tags, TraitsPoolStats::waiting, registry);
        gauge("pools", "Pools: upstreams with distinct traits", tags, TraitsPoolStats::pools, registry);
        FunctionCounter.builder(PREFIX + "evictions", maps, all -> sum(TraitsPoolStats::evictions))
                .description("Connections closed to make room for those of other pools")
                .tags(tags)
                .register(registry);
    }

    private void gauge(
            String name, String description, Tags own, ToLongFunction<TraitsPoolStats> value, MeterRegistry registry) {
        Gauge.builder(PREFIX + name, () -> sum(value))
                .description(description)
                .tags(own)
                .register(registry);
    }

    private long sum(ToLongFunction<TraitsPoolStats> value) {
        long sum = 0;
        for (TraitsChannelPoolMap map : maps) {
            sum += value.applyAsLong(map.stats());
        }
        return sum;
    }
}
