// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.pkttraits.transport.PacketTraits;
import io.pkttraits.transport.TraitsCounter;
import io.pkttraits.transport.datagram.DatagramTraits;
import java.util.List;
import java.util.Locale;

/**
 * Micrometer's view of {@link TraitsCounter}: {@code new PacketTraitsMetrics().bindTo(registry)}. The meters are functions over
 * counters that count anyway, so binding them costs an event nothing, and their tags have values that are known beforehand:
 *
 * <table>
 *   <caption>Meters</caption>
 *   <tr><td>{@code pkttraits.reads}, {@code pkttraits.absent}, {@code pkttraits.sends}</td>
 *       <td>{@code kind} (syn, datagram), {@code carrier}, {@code transport} (epoll, io_uring, other)</td></tr>
 *   <tr><td>{@code pkttraits.refused}, {@code pkttraits.dropped}</td>
 *       <td>{@code kind}, {@code carrier}, {@code errno}</td></tr>
 *   <tr><td>{@code pkttraits.read.errors}</td><td>{@code kind}, {@code carrier}, {@code errno}</td></tr>
 *   <tr><td>{@code pkttraits.malformed}</td><td>{@code cause}</td></tr>
 *   <tr><td>{@code pkttraits.ignored}</td><td>{@code cause} (foreign, untrusted, truncated, syn_not_kept, quic_unassociated)</td></tr>
 *   <tr><td>{@code pkttraits.misuse}</td>
 *       <td>{@code cause} (syn_not_saved, syn_no_carrier, syn_channel_unsupported, handler_misplaced, handler_late, save_option_misplaced,
 *       datagram_no_carrier, datagram_channel_unsupported, property_invalid)</td></tr>
 *   <tr><td>{@code pkttraits.policy.drops}</td><td>{@code cause} (not_accepted, not_forwarded, conflict)</td></tr>
 *   <tr><td>{@code pkttraits.gro.keep.first}</td><td></td></tr>
 * </table>
 *
 * <p>The meter of any other counter is called {@code pkttraits.} and the counter's name in lower case, with dots for underscores. Binding
 * finds the carriers, as any use of {@link PacketTraits} and {@link DatagramTraits} does. Micrometer is an optional dependency, which only
 * this package uses.
 */
@SuppressWarnings("exports") // who uses it has Micrometer
public final class PacketTraitsMetrics implements MeterBinder {
    private static final String PREFIX = "pkttraits.";

    private final Tags tags;

    /** Binds without further tags. */
    public PacketTraitsMetrics() {
        this(Tags.empty());
    }

    /** @param tags what each meter has beside its own tags */
    public PacketTraitsMetrics(Iterable<Tag> tags) {
        this.tags = Tags.of(tags);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (TraitsCounter counter : TraitsCounter.values()) {
            bind(registry, counter);
        }
    }

    private void bind(MeterRegistry registry, TraitsCounter counter) {
        switch (counter) {
            case SYN_READ -> bindSyn(registry, counter, "reads", "Sets of traits that were read");
            case DATAGRAM_READ -> bindDatagram(registry, counter, "reads", "Sets of traits that were read");
            case SYN_ABSENT -> bindSyn(registry, counter, "absent", "Connections and datagrams that brought no traits");
            case DATAGRAM_ABSENT ->
                bindDatagram(registry, counter, "absent", "Connections and datagrams that brought no traits");
            case CONNECT_SET -> bindSyn(registry, counter, "sends", "Connects and datagrams with traits");
            case DATAGRAM_SENT -> bindDatagram(registry, counter, "sends", "Connects and datagrams with traits");
            case CONNECT_REFUSED ->
                bindSyn(registry, counter, "refused", "Connects and writes that failed for their traits");
            case DATAGRAM_REFUSED ->
                bindDatagram(registry, counter, "refused", "Connects and writes that failed for their traits");
            case CONNECT_DROPPED -> bindSyn(registry, counter, "dropped", "Connects and writes without their traits");
            case DATAGRAM_DROPPED ->
                bindDatagram(registry, counter, "dropped", "Connects and writes without their traits");
            case READ_ERROR -> bindSyn(registry, counter, "read.errors", "Reads that the kernel refused");
            case MALFORMED -> bind(registry, counter, "malformed", "Sets of traits that broke their format", tags);
            case FOREIGN, UNTRUSTED, TRUNCATED, SYN_NOT_KEPT, QUIC_UNASSOCIATED ->
                bind(registry, counter, "ignored", "Sets of traits that were not read", tags.and("cause", id(counter)));
            case SYN_NOT_SAVED,
                    SYN_NO_CARRIER,
                    SYN_CHANNEL_UNSUPPORTED,
                    HANDLER_MISPLACED,
                    HANDLER_LATE,
                    CONNECT_LATE,
                    SAVE_OPTION_MISPLACED,
                    DATAGRAM_NO_CARRIER,
                    DATAGRAM_CHANNEL_UNSUPPORTED,
                    PROPERTY_INVALID ->
                bind(
                        registry,
                        counter,
                        "misuse",
                        "Mistakes of set-up that cost traits; the log has the remedy",
                        tags.and("cause", id(counter)));
            case POLICY_NOT_ACCEPTED, POLICY_NOT_FORWARDED, POLICY_CONFLICT ->
                bind(
                        registry,
                        counter,
                        "policy.drops",
                        "Sets of traits that a policy did not pass on whole",
                        tags.and("cause", id(counter).substring("policy_".length())));
            default -> bind(registry, counter, id(counter).replace('_', '.'), "See TraitsCounter." + counter, tags);
        }
    }

    private void bindSyn(MeterRegistry registry, TraitsCounter counter, String name, String description) {
        Tags own = tags.and("kind", "syn", "carrier", PacketTraits.carrier().id());
        bind(registry, counter, name, description, own);
    }

    private void bindDatagram(MeterRegistry registry, TraitsCounter counter, String name, String description) {
        Tags own =
                tags.and("kind", "datagram", "carrier", DatagramTraits.carrier().id());
        bind(registry, counter, name, description, own);
    }

    private static void bind(MeterRegistry registry, TraitsCounter counter, String name, String description, Tags own) {
        List<String> values = counter.tagValues();
        for (int i = 0; i < values.size(); i++) {
            int part = i;
            FunctionCounter.builder(PREFIX + name, counter, count -> count.get(part))
                    .description(description)
                    .tags(counter.tag() == null ? own : own.and(counter.tag(), values.get(i)))
                    .register(registry);
        }
    }

    private static String id(TraitsCounter counter) {
        return counter.name().toLowerCase(Locale.ROOT);
    }
}
