// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.hop;

import io.pkttraits.Traits;

/** Which value of a key counts where a client's traits come by two ways; the first is the one nearer to the packet. */
public enum HopMerge {
    KEEP_FIRST("keep-first") {
        @Override
        public Traits apply(Traits first, Traits last) {
            return last.merge(first);
        }
    },
    KEEP_LAST("keep-last") {
        @Override
        public Traits apply(Traits first, Traits last) {
            return first.merge(last);
        }
    },
    /** Two values of a key have to be equal. */
    ERROR("error") {
        @Override
        public Traits apply(Traits first, Traits last) {
            long both = first.keys() & last.keys();
            return first.only(both).equals(last.only(both)) ? first.merge(last) : null;
        }
    };

    private final String id;

    HopMerge(String id) {
        this.id = id;
    }

    /** The union of both, or {@code null} if it is an error to have both. */
    public abstract Traits apply(Traits first, Traits last);

    @Override
    public String toString() {
        return id;
    }
}
