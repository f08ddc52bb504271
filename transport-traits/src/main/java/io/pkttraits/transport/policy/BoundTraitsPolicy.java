// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.policy;

import io.pkttraits.Traits;

/** A {@link TraitsPolicy} for the messages of one connection or flow, whose peer it has looked at. Immutable and thread-safe. */
public final class BoundTraitsPolicy {
    private final long accepted;
    private final ForwardPlan plan;

    BoundTraitsPolicy(long accepted, ForwardPlan plan) {
        this.accepted = accepted;
        this.plan = plan;
    }

    /** As {@link TraitsPolicy#accept}. */
    public Traits accept(Traits in) {
        return TraitsPolicy.accepted(in, accepted);
    }

    /** As {@link TraitsPolicy#forward}. */
    public Traits forward(Traits in) {
        return plan.apply(in);
    }
}
