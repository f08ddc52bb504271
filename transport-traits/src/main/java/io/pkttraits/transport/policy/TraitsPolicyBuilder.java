// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.policy;

import io.pkttraits.Traits;
import io.pkttraits.transport.PeerNetworks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * Collects the rules of a {@link TraitsPolicy}, in the order in which they are to be looked at. Masks of keys have bit <em>k</em>
 * set for key <em>k</em>. Not thread-safe.
 *
 * <p>With {@link KeyConflict#KEEP_FIRST}, the default, a rule that sets a key which clients might send belongs before the rules
 * that pass keys on; else a client's own value wins.
 */
public final class TraitsPolicyBuilder {
    private final List<AcceptRule> accepts = new ArrayList<>();
    private final List<ForwardRule> forwards = new ArrayList<>();
    private KeyConflict merge = KeyConflict.KEEP_FIRST;
    private long partition = -1L;
    private long renamed;
    private long setTwice;
    private long set;

    TraitsPolicyBuilder() {}

    /**
     * Accepts keys of the peers in some networks, and of these peers no others.
     *
     * @param networks each {@code ADDRESS} or {@code ADDRESS/PREFIX}
     * @throws IllegalArgumentException naming the entry that is no network
     */
    public TraitsPolicyBuilder accept(List<String> networks, long keys) {
        accepts.add(new AcceptRule(PeerNetworks.of(networks), keys));
        return this;
    }

    /** Accepts keys of every peer that no rule before this names. */
    public TraitsPolicyBuilder acceptFromAll(long keys) {
        accepts.add(new AcceptRule(null, keys));
        return this;
    }

    /** Forwards all keys as they came. */
    public TraitsPolicyBuilder forwardAll() {
        return forwardOnly(-1L);
    }

    /** Forwards these keys as they came; none with an empty mask. */
    public TraitsPolicyBuilder forwardOnly(long keys) {
        forwards.add(new ForwardRule.Pass(keys));
        return this;
    }

    /** Forwards all keys but these as they came. */
    public TraitsPolicyBuilder forwardExcept(long keys) {
        return forwardOnly(~keys);
    }

    /** Forwards {@code from} as {@code to}, and not as {@code from}. */
    public TraitsPolicyBuilder rename(int from, int to) {
        checkKey(from);
        checkKey(to);
        if (from == to || (renamed & 1L << from) != 0) {
            throw new IllegalArgumentException(
                    "key " + from + " cannot be renamed " + (from == to ? "to itself" : "twice"));
        }
        renamed |= 1L << from;
        forwards.add(new ForwardRule.Rename(from, to));
        return this;
    }

    /** Sets constants. */
    public TraitsPolicyBuilder set(Traits constants) {
        noteSet(constants.keys());
        forwards.add(new ForwardRule.Constant(constants));
        return this;
    }

    /** Sets a key from what is known of the connection. */
    public TraitsPolicyBuilder set(int key, FactKind fact) {
        checkKey(key);
        Objects.requireNonNull(fact, "fact");
        noteSet(1L << key);
        forwards.add(new ForwardRule.Fact(key, fact));
        return this;
    }

    /** What happens when two rules give the same key. */
    public TraitsPolicyBuilder onSameKey(KeyConflict merge) {
        this.merge = Objects.requireNonNull(merge, "merge");
        return this;
    }

    /** The keys that tell upstream connections apart: all unless told otherwise. */
    public TraitsPolicyBuilder partitionBy(long keys) {
        partition = keys;
        return this;
    }

    /**
     * Makes the policy.
     *
     * @throws IllegalArgumentException if two rules set the same key and that is to be an error
     */
    public TraitsPolicy build() {
        if (merge == KeyConflict.ERROR && setTwice != 0) {
            throw new IllegalArgumentException("two rules set key " + Long.numberOfTrailingZeros(setTwice));
        }
        return new TraitsPolicy(accepts, inOrder(), merge == KeyConflict.ERROR, partition);
    }

    /** The rules by precedence. What two of them pass on of what came is the same trait, so the first alone does. */
    private List<ForwardRule> inOrder() {
        List<ForwardRule> rules = new ArrayList<>(forwards);
        if (rules.isEmpty()) {
            rules.add(new ForwardRule.Pass(-1L));
        }
        if (merge == KeyConflict.KEEP_LAST) {
            Collections.reverse(rules);
        }
        long done = renamed;
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i) instanceof ForwardRule.Pass pass) {
                rules.set(i, new ForwardRule.Pass(pass.mask() & ~done));
                done |= pass.mask();
            }
        }
        return rules;
    }

    private void noteSet(long keys) {
        setTwice |= set & keys;
        set |= keys;
    }

    private static void checkKey(int key) {
        if (key < 0 || key >= Traits.MAX_KEYS) {
            throw new IllegalArgumentException("key " + key + " (expected: 0.." + (Traits.MAX_KEYS - 1) + ")");
        }
    }
}
