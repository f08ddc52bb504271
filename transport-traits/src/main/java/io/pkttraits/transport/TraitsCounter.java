// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.pkttraits.transport.internal.carrier.Counts;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * What happened to traits in this process, counted by cause since it started.
 *
 * <p>Reading traits never fails a connection nor loses a datagram, so these counters are where a cause shows. Each
 * cause that means a loss
 * is also logged once, at {@code WARN}, when it first happens. Thread-safe; counting takes no lock and allocates
 * nothing.
 */
@SuppressWarnings("ImmutableEnumChecker") // Counting is what its constants are for.
public enum TraitsCounter {
    /** Connections accepted whose traits were read, there being some. */
    SYN_READ(CounterTags.TRANSPORT),
    /**
     * Connections accepted that brought no traits, or whose SYN the kernel did not keep: saving was off, or it answered by a
     * SYN cookie since the listener was flooded.
     */
    SYN_ABSENT(CounterTags.TRANSPORT),
    /** Sets of traits that broke the format of their carrier; the connection is served, or the datagram delivered, without traits. */
    MALFORMED(CounterTags.CAUSE),
    /** Options of our type that belong to another experiment (another RFC 4727 user): not ours to read. */
    FOREIGN(CounterTags.ONE),
    /** Sets of traits ignored because their sender is not trusted ({@code -Dio.pkttraits.trust}). */
    UNTRUSTED(CounterTags.ONE),
    /** Reads that the kernel refused, as a whole or for single keys ({@code io_err}). */
    READ_ERROR(CounterTags.ERRNO),
    /** Connections whose traits were set before {@code connect}. */
    CONNECT_SET(CounterTags.TRANSPORT),
    /** Connects that failed because their traits could not be set. */
    CONNECT_REFUSED(CounterTags.ERRNO),
    /** Connects that went on without the traits they should have had ({@link UnsendablePolicy#DROP}). */
    CONNECT_DROPPED(CounterTags.ERRNO),
    /** Datagrams received whose traits were read, there being some. */
    DATAGRAM_READ(CounterTags.TRANSPORT),
    /** Datagrams received without traits, on channels that are to read them; those of a UDP_GRO train count as one. */
    DATAGRAM_ABSENT(CounterTags.TRANSPORT),
    /** Datagrams sent with traits. */
    DATAGRAM_SENT(CounterTags.TRANSPORT),
    /** Messages that were not sent because their traits could not be sent with them. */
    DATAGRAM_REFUSED(CounterTags.ERRNO),
    /** Messages sent without the traits they should have had ({@link UnsendablePolicy#DROP}). */
    DATAGRAM_DROPPED(CounterTags.ERRNO),
    /**
     * Datagrams that were given what the first one of their UDP_GRO train carried, traits or none (KEEP_FIRST): the kernel
     * hands up no more. With the carrier {@code ip-option} that is what they carried themselves, since Linux merges no IPv4
     * packets with options, and IPv6 packets only if their destination options are equal.
     */
    GRO_KEEP_FIRST(CounterTags.ONE),
    /** Datagrams delivered without traits since their control messages were cut off ({@code MSG_CTRUNC}). */
    TRUNCATED(CounterTags.ONE),
    /**
     * QUIC connections of a server whose opening traits are not known: there is no {@link io.pkttraits.transport.quic.QuicTraitsHandler} before the
     * codec, or the {@link io.pkttraits.transport.quic.QuicConnectionTraitsHandler} was added too late.
     */
    QUIC_UNASSOCIATED(CounterTags.ONE),
    /** Sets of traits of which a {@link io.pkttraits.transport.policy.TraitsPolicy} did not take every key from who sent them. */
    POLICY_NOT_ACCEPTED(CounterTags.ONE),
    /** Sets of traits of which a {@link io.pkttraits.transport.policy.TraitsPolicy} did not pass on every key, be it under another name. */
    POLICY_NOT_FORWARDED(CounterTags.ONE),
    /** Sets of traits that a {@link io.pkttraits.transport.policy.TraitsPolicy} refused, since two of its rules gave the same key ({@link io.pkttraits.transport.policy.KeyConflict#ERROR}). */
    POLICY_CONFLICT(CounterTags.ONE);

    private static final InternalLogger logger = InternalLoggerFactory.getInstance(TraitsCounter.class);

    static {
        Counts.install(new Access());
    }

    private final CounterTags parts;
    private final LongAdder[] counts;
    private final AtomicBoolean logged = new AtomicBoolean();

    TraitsCounter(CounterTags parts) {
        this.parts = parts;
        counts = new LongAdder[parts.names().size()];
        Arrays.setAll(counts, i -> new LongAdder());
    }

    /** How often it has happened. */
    public long get() {
        long sum = 0;
        for (LongAdder count : counts) {
            sum += count.sum();
        }
        return sum;
    }

    /** By what the counter is split ({@code transport}, {@code errno}, {@code cause}), or {@code null} if it is not. */
    public String tag() {
        return parts.tag();
    }

    /** The values of {@link #tag()}: the same ones in the same order as long as the process lives; one if it is not split. */
    public List<String> tagValues() {
        return parts.names();
    }

    /**
     * How often it has happened with one value of the tag.
     *
     * @param index of the value in {@link #tagValues()}
     */
    public long get(int index) {
        return counts[index].sum();
    }

    /** @param subject the channel that it is about */
    void increment(Object subject) {
        counts[parts.of(subject, null)].increment();
    }

    /** Counts what is known to its caller, and so need not be logged. */
    void incrementBy(Throwable cause) {
        counts[parts.of(null, cause)].increment();
    }

    /** Counts, and says in the log what the first one was about. */
    void incrementAndLogFirst(Object subject, Throwable cause) {
        counts[parts.of(subject, cause)].increment();
        if (!logged.get() && logged.compareAndSet(false, true)) {
            logger.warn("Packet traits: first {} at {} (further ones are only counted)", this, subject, cause);
        }
    }

    /** What the other packages of this library may do. */
    private static final class Access extends Counts {
        @Override
        protected void addTo(TraitsCounter counter, int more, Object subject) {
            counter.counts[counter.parts.of(subject, null)].add(more);
        }

        @Override
        protected void incrementAndLogFirstOf(TraitsCounter counter, Object subject, Throwable cause) {
            counter.incrementAndLogFirst(subject, cause);
        }
    }
}
