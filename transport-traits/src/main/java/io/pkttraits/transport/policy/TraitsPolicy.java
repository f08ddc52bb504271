// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.policy;

import io.pkttraits.Traits;
import io.pkttraits.transport.TraitsCounter;
import io.pkttraits.transport.internal.carrier.Counts;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;

/**
 * Which traits a proxy takes from whom, which it passes on, and which of those tell upstream connections apart. The same for TCP
 * connections, QUIC connections and datagrams; made by {@link #builder()}.
 *
 * <p><b>Accept.</b> The first accept rule whose networks have the peer says which keys are taken; of a peer that no rule names,
 * none. A policy without any accept rule takes all, that is all that the carrier took.
 *
 * <p><b>Forward.</b> Each rule gives traits: keys as they came (all, only, except), a key under another name, a constant, a
 * {@link FactKind}. Together they are what goes on; where two give the same key {@link KeyConflict} decides. A key that
 * is renamed goes on under its new name alone. A policy without any forward rule passes everything on.
 *
 * <p><b>Partition.</b> A connection has the traits of its SYN for as long as it lives, so a connection that several clients'
 * requests share may have those only which are the same for all of them. {@link #ofConnection} keeps the keys that {@linkplain
 * TraitsPolicyBuilder#partitionBy partition} pools; the others are not sent on connections.
 *
 * <p>Immutable and thread-safe. Keys are bit masks, so that nothing is looked up; a set that no rule changes is returned as it
 * is, and nothing is allocated for it. For many messages of one peer, {@link #bind} looks at the peer once.
 */
public final class TraitsPolicy {
    /** Takes and passes on everything. */
    public static final TraitsPolicy ALL = builder().build();

    private final AcceptRule[] accepts;
    private final List<ForwardRule> forwards;
    private final boolean refusing;
    private final long partition;
    /** {@code null} if connections differ in it. */
    private final ForwardPlan plan;

    /** @param forwards in order of precedence */
    TraitsPolicy(List<AcceptRule> accepts, List<ForwardRule> forwards, boolean refusing, long partition) {
        this.accepts = accepts.toArray(new AcceptRule[0]);
        this.forwards = List.copyOf(forwards);
        this.refusing = refusing;
        this.partition = partition;
        boolean differs = forwards.stream().anyMatch(ForwardRule.Fact.class::isInstance);
        plan = differs ? null : new ForwardPlan(forwards, null, refusing);
    }

    /** A builder without rules. */
    public static TraitsPolicyBuilder builder() {
        return new TraitsPolicyBuilder();
    }

    /**
     * What is taken of the traits that a peer sent.
     *
     * @param peer {@code null} if it has no IP address; only rules about everybody are about it
     * @return {@code in} itself if all of it is taken
     */
    public Traits accept(InetSocketAddress peer, Traits in) {
        return in.isEmpty() ? in : accepted(in, acceptedOf(peer));
    }

    /**
     * What goes on of traits that were accepted.
     *
     * @return {@code in} itself if no rule changes it
     * @throws TraitsConflictException if two rules gave the same key and the policy says {@link KeyConflict#ERROR}
     */
    public Traits forward(ConnectionFacts facts, Traits in) {
        return planOf(facts).apply(in);
    }

    /** The keys of forwarded traits that a shared upstream connection may have: those that tell connections apart. */
    public Traits ofConnection(Traits forwarded) {
        return forwarded.only(partition);
    }

    /** This policy for all the messages of one connection or flow. */
    public BoundTraitsPolicy bind(ConnectionFacts facts) {
        Objects.requireNonNull(facts, "facts");
        return new BoundTraitsPolicy(acceptedOf(facts.peer()), planOf(facts));
    }

    /** Whether nothing ever goes on, so that no carrier is needed to send it. */
    public boolean forwardsNothing() {
        return plan != null && plan.isEmpty();
    }

    /** What is taken of {@code in} with a mask of the accepted keys. */
    static Traits accepted(Traits in, long keys) {
        if ((in.keys() & ~keys) == 0) {
            return in;
        }
        Counts.increment(TraitsCounter.POLICY_NOT_ACCEPTED, null);
        return in.only(keys);
    }

    private long acceptedOf(InetSocketAddress peer) {
        for (AcceptRule rule : accepts) {
            if (rule.isAbout(peer)) {
                return rule.keys();
            }
        }
        return accepts.length == 0 ? -1L : 0;
    }

    private ForwardPlan planOf(ConnectionFacts facts) {
        return plan != null ? plan : new ForwardPlan(forwards, facts, refusing);
    }
}
