// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** A claim was refused, as {@code bind} is with {@code EADDRINUSE}; or the runtime directory cannot be used. */
public final class TraitClaimException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient List<ClaimHolder> holders;

    TraitClaimException(String message) {
        this(message, List.of());
    }

    TraitClaimException(String message, Throwable cause) {
        super(message, cause);
        holders = List.of();
    }

    TraitClaimException(String message, List<ClaimHolder> holders) {
        super(
                holders.isEmpty()
                        ? message
                        : message + ": claimed by "
                                + holders.stream().map(ClaimHolder::toString).collect(Collectors.joining(", ")));
        this.holders = List.copyOf(holders);
    }

    /** Whose claims are in the way; none if it is not claims. */
    public List<ClaimHolder> holders() {
        return holders == null ? List.of() : holders;
    }
}
