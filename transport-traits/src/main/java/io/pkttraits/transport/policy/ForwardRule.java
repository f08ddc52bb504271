// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.policy;

import io.pkttraits.Traits;

/** One of the rules that say what goes on. */
sealed interface ForwardRule {
    /** The rule for a connection. */
    Source of(ConnectionFacts facts);

    /** A rule that gives traits, whatever the connection. */
    sealed interface Source extends ForwardRule {
        @Override
        default Source of(ConnectionFacts facts) {
            return this;
        }

        /** The keys, as a bit mask, that this gives of {@code in}. */
        long keys(Traits in);

        /** Traits with at least {@link #keys} of {@code in}. */
        Traits values(Traits in);
    }

    /** The keys that came, of {@code mask}. */
    record Pass(long mask) implements Source {
        @Override
        public long keys(Traits in) {
            return in.keys() & mask;
        }

        @Override
        public Traits values(Traits in) {
            return in;
        }
    }

    /** The same for everybody. */
    record Constant(Traits traits) implements Source {
        @Override
        public long keys(Traits in) {
            return traits.keys();
        }

        @Override
        public Traits values(Traits in) {
            return traits;
        }
    }

    /** What came as {@code from}. */
    record Rename(int from, int to) implements Source {
        @Override
        public long keys(Traits in) {
            return in.contains(from) ? 1L << to : 0;
        }

        @Override
        public Traits values(Traits in) {
            return Traits.EMPTY.with(to, in.getBytes(from));
        }
    }

    /** What is known of the connection. */
    record Fact(int key, FactKind fact) implements ForwardRule {
        @Override
        public Source of(ConnectionFacts facts) {
            return new Constant(fact.as(key, facts));
        }
    }
}
