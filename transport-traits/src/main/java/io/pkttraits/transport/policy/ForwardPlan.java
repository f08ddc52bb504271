// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.policy;

import io.pkttraits.Traits;
import io.pkttraits.transport.TraitsCounter;
import io.pkttraits.transport.internal.carrier.Counts;
import java.util.Arrays;
import java.util.List;

/** Forward rules for one connection, in order of precedence. Immutable. */
final class ForwardPlan {
    private final ForwardRule.Source[] rules;
    private final boolean refusing;

    /** @param refusing whether it is an error that two rules give one key; else the first one wins */
    ForwardPlan(List<ForwardRule> rules, ConnectionFacts facts, boolean refusing) {
        this.rules = new ForwardRule.Source[rules.size()];
        Arrays.setAll(this.rules, i -> rules.get(i).of(facts));
        this.refusing = refusing;
    }

    Traits apply(Traits in) {
        long passed = 0;
        long taken = 0;
        long renamed = 0;
        Traits added = Traits.EMPTY;
        for (ForwardRule.Source rule : rules) {
            long keys = rule.keys(in);
            if (refusing && (keys & taken) != 0) {
                Counts.increment(TraitsCounter.POLICY_CONFLICT, null);
                throw new TraitsConflictException(Long.numberOfTrailingZeros(keys & taken));
            }
            long fresh = keys & ~taken;
            taken |= fresh;
            if (rule instanceof ForwardRule.Pass) {
                passed |= fresh;
            } else if (fresh != 0) {
                renamed |= rule instanceof ForwardRule.Rename rename ? 1L << rename.from() : 0;
                added = added.merge(rule.values(in).only(fresh));
            }
        }
        if ((in.keys() & ~(passed | renamed)) != 0) {
            Counts.increment(TraitsCounter.POLICY_NOT_FORWARDED, null);
        }
        return in.only(passed).merge(added);
    }

    boolean isEmpty() {
        for (ForwardRule.Source rule : rules) {
            if (!(rule instanceof ForwardRule.Pass pass) || pass.mask() != 0) {
                return false;
            }
        }
        return true;
    }
}
