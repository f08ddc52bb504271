// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.pkttraits.transport.internal.carrier.Counts;
import io.pkttraits.transport.internal.carrier.TraitsSocket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what happened to traits since the process started, one counter for each cause.
 *
 * <p>Reading traits never fails a connection and never loses a datagram. If traits are missing, a counter shows the cause. The first
 * loss of each counter is also logged at {@code WARN}, with the remedy. Thread-safe. Counting takes no lock and allocates nothing.
 */
@SuppressWarnings("ImmutableEnumChecker") // Counting is what its constants are for.
public enum TraitsCounter {
    /** Accepted connections that came with traits. */
    SYN_READ(CounterTags.TRANSPORT),
    /**
     * Accepted connections that came without traits. With the carriers {@code kernel} and {@code bpf} also those whose SYN the
     * kernel did not keep, which these carriers cannot tell apart (see {@link #SYN_NOT_KEPT}).
     */
    SYN_ABSENT(CounterTags.TRANSPORT),
    /** Accepted connections that were asked for their traits although their listener does not save them. */
    SYN_NOT_SAVED(
            CounterTags.ONE,
            "the listener saves no traits; add a SynTraitsHandler with ServerBootstrap.handler(...), or set"
                    + " TraitsChannelOption.TCP_SAVE_SYN_TRAITS to 1 with ServerBootstrap.option(...)"),
    /**
     * Accepted connections whose SYN the kernel did not keep although their listener saves: it answered with a SYN cookie because
     * the listener was flooded, or the SYN came before saving was on. Known only with the carrier {@code ip-option}.
     */
    SYN_NOT_KEPT(
            CounterTags.ONE,
            "the kernel kept no SYN: it answers with SYN cookies while a listener is flooded (raise SO_BACKLOG,"
                    + " net.core.somaxconn and net.ipv4.tcp_max_syn_backlog), and keeps none from before saving is on (set"
                    + " TCP_SAVE_SYN_TRAITS or add the SynTraitsHandler before bind)"),
    /** Listeners and accepted connections whose traits were asked for while this process has no carrier ({@link CarrierType#NONE}). */
    SYN_NO_CARRIER(CounterTags.ONE),
    /**
     * TCP listeners and accepted connections whose traits were asked for on a transport without traits, such as NIO.
     */
    SYN_CHANNEL_UNSUPPORTED(
            CounterTags.ONE, "traits of TCP connections cannot be read on this transport; " + TraitsSocket.SUPPORTED),
    /** {@link SynTraitsHandler}s that were added to a channel that is no listener, where they do nothing. */
    HANDLER_MISPLACED(
            CounterTags.ONE,
            "a SynTraitsHandler belongs on the listener and does nothing here; add it with ServerBootstrap.handler(...),"
                    + " not with childHandler(...)"),
    /** {@link SynTraitsHandler}s that were added to a listener that was bound already and did not save. */
    HANDLER_LATE(
            CounterTags.ONE,
            "the SynTraitsHandler was added after bind: connections from before have no traits; add it before bind, with"
                    + " ServerBootstrap.handler(...) or SynTraitsHandler.listener(...)"),
    /** {@link ConnectTraitsHandler}s with traits that were added to a connection that was made already, so that its SYN had none. */
    CONNECT_LATE(
            CounterTags.ONE,
            "the ConnectTraitsHandler was added to a connection that is made already: its SYN carried no traits; add it with"
                    + " Bootstrap.handler(...) or ConnectTraitsHandler.channelFactory(...)"),
    /**
     * Accepted connections that were asked for their traits although their listener does not save them, because {@link
     * TraitsChannelOption#TCP_SAVE_SYN_TRAITS} was set on the accepted connections.
     */
    SAVE_OPTION_MISPLACED(
            CounterTags.ONE,
            "TCP_SAVE_SYN_TRAITS was set on the accepted connection, which is too late; set it on the listener with"
                    + " ServerBootstrap.option(...), not with childOption(...)"),
    /** Trait sets that broke the format of their carrier; the connection is served, or the datagram delivered, without traits. */
    MALFORMED(
            CounterTags.CAUSE,
            "the sender encodes traits wrongly, or another program uses the same option; no traits of it were read"),
    /** Options of our type that belong to another experiment (another RFC 4727 user): not ours to read. */
    FOREIGN(CounterTags.ONE, "another program uses the same experimental IP option; no traits of it were read"),
    /** Trait sets that were ignored because their sender is not trusted ({@code -Dio.pkttraits.trust}). */
    UNTRUSTED(
            CounterTags.ONE,
            "the sender is not trusted, or used a source route; name its network in -Dio.pkttraits.trust to accept its"
                    + " traits"),
    /** Reads that the kernel refused, as a whole or for single keys ({@code io_err}). */
    READ_ERROR(
            CounterTags.ERRNO,
            "traits could not be read; the connection was closed before, or the kernel refused (if the carrier is bpf, check"
                    + " 'traits-bpf status')"),
    /** Connections whose traits were set before {@code connect}. */
    CONNECT_SET(CounterTags.TRANSPORT),
    /** Connects that failed because their traits could not be set. */
    CONNECT_REFUSED(CounterTags.ERRNO),
    /** Connections that were made without the traits they should have had ({@link UnsendablePolicy#DROP}). */
    CONNECT_DROPPED(CounterTags.ERRNO, Remedies.DROPPED),
    /** Datagrams received with traits. */
    DATAGRAM_READ(CounterTags.TRANSPORT),
    /** Datagrams received without traits, on channels that are to read them; those of a UDP_GRO train count as one. */
    DATAGRAM_ABSENT(CounterTags.TRANSPORT),
    /** Datagram channels that were to receive traits while this process has no carrier for datagrams ({@link CarrierType#NONE}). */
    DATAGRAM_NO_CARRIER(CounterTags.ONE),
    /**
     * Datagram channels of Netty's own that got a {@link io.pkttraits.transport.quic.QuicTraitsHandler}, and datagrams with traits that a
     * {@link io.pkttraits.transport.datagram.TraitsDatagramGuardHandler} refused on such a channel.
     */
    DATAGRAM_CHANNEL_UNSUPPORTED(
            CounterTags.ONE,
            "this channel neither sends nor receives traits; use an EpollTraitsDatagramChannel or IoUringTraitsDatagramChannel"),
    /** Datagrams sent with traits. */
    DATAGRAM_SENT(CounterTags.TRANSPORT),
    /** Messages that were not sent because their traits could not be sent with them. */
    DATAGRAM_REFUSED(
            CounterTags.ERRNO,
            "the write failed; send fewer traits, or set TraitsDatagramChannelOption.UNSENDABLE_POLICY to DROP to send such"
                    + " datagrams without traits"),
    /** Messages sent without the traits they should have had ({@link UnsendablePolicy#DROP}). */
    DATAGRAM_DROPPED(CounterTags.ERRNO, Remedies.DROPPED),
    /**
     * Datagrams that were given what the first one of their UDP_GRO train carried, traits or none (KEEP_FIRST): the kernel
     * hands up no more. With the carrier {@code ip-option} that is what they carried themselves, because Linux merges no IPv4
     * packets with options, and IPv6 packets only if their destination options are equal.
     */
    GRO_KEEP_FIRST(CounterTags.ONE),
    /** Datagrams delivered without traits because their control messages were cut off ({@code MSG_CTRUNC}). */
    TRUNCATED(
            CounterTags.ONE,
            "the control messages of a datagram were cut off; switch off socket options that add more of them"),
    /**
     * QUIC connections whose opening traits are not known: there is no {@link io.pkttraits.transport.quic.QuicTraitsHandler} before the
     * codec, or no {@link io.pkttraits.transport.quic.QuicConnectionTraitsHandler} on the connection, or it was added too late.
     */
    QUIC_UNASSOCIATED(
            CounterTags.ONE,
            "add a QuicTraitsHandler to the datagram channel right before the QUIC codec, and a"
                    + " QuicConnectionTraitsHandler first to each QuicChannel"),
    /** Trait sets of which a {@link io.pkttraits.transport.policy.TraitsPolicy} did not accept every key from their sender. */
    POLICY_NOT_ACCEPTED(CounterTags.ONE),
    /** Trait sets of which a {@link io.pkttraits.transport.policy.TraitsPolicy} did not forward every key, even under another name. */
    POLICY_NOT_FORWARDED(CounterTags.ONE),
    /** Trait sets that a {@link io.pkttraits.transport.policy.TraitsPolicy} refused, because two of its rules gave the same key ({@link io.pkttraits.transport.policy.KeyConflict#ERROR}). */
    POLICY_CONFLICT(CounterTags.ONE),
    /** System properties that begin with {@code io.pkttraits.} and are unknown, or have a value that makes no sense; each is logged. */
    PROPERTY_INVALID(CounterTags.ONE);

    private static final InternalLogger logger = InternalLoggerFactory.getInstance(TraitsCounter.class);

    static {
        Counts.install(new Access());
    }

    private final CounterTags parts;
    private final LongAdder[] counts;
    private final AtomicBoolean logged = new AtomicBoolean();
    /** {@code null} if nothing is to be remedied, or if what is logged names it. */
    private final String remedy;

    TraitsCounter(CounterTags parts) {
        this(parts, null);
    }

    TraitsCounter(CounterTags parts, String remedy) {
        this.parts = parts;
        this.remedy = remedy;
        counts = new LongAdder[parts.names().size()];
        Arrays.setAll(counts, i -> new LongAdder());
    }

    /** Returns the count: the sum over all values of {@link #tag()}. */
    public long get() {
        long sum = 0;
        for (LongAdder count : counts) {
            sum += count.sum();
        }
        return sum;
    }

    /** Returns what the counter is split by ({@code transport}, {@code errno}, {@code cause}), or {@code null} if it is not. */
    public String tag() {
        return parts.tag();
    }

    /** Returns the values of {@link #tag()}, a list that never changes; a single empty string if the counter has no tag. */
    public List<String> tagValues() {
        return parts.names();
    }

    /**
     * Returns how often it has happened with one value of the tag.
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

    /** Counts, and logs the first one at {@code WARN} with the remedy. */
    void incrementAndLogFirst(Object subject, Throwable cause) {
        counts[parts.of(subject, cause)].increment();
        logFirst(subject, remedy, cause);
    }

    /** Counts, and logs the first one at {@code WARN} with a reason that names the remedy. */
    void incrementAndLogReason(Object subject, String why) {
        counts[parts.of(subject, null)].increment();
        logFirst(subject, why, null);
    }

    private void logFirst(Object subject, String why, Throwable cause) {
        if (!logged.get() && logged.compareAndSet(false, true)) {
            logger.warn("Packet traits: first {} at {}: {} (further ones are only counted)", this, subject, why, cause);
        }
    }

    /** What more than one counter has. */
    private static final class Remedies {
        static final String DROPPED =
                "the traits were dropped, as UnsendablePolicy.DROP asks; send fewer traits, or use"
                        + " UnsendablePolicy.FAIL to see each failure";
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

        @Override
        protected void incrementAndLogReasonOf(TraitsCounter counter, Object subject, String why) {
            counter.incrementAndLogReason(subject, why);
        }
    }
}
