// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.policy;

/**
 * Two rules of a {@link TraitsPolicy} gave the same key, and the policy says {@link KeyConflict#ERROR}. Clients can bring it
 * about, so it has no stack trace.
 */
public final class TraitsConflictException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int key;

    TraitsConflictException(int key) {
        super("two forward rules give trait " + key, null, false, false);
        this.key = key;
    }

    /** The key that both gave. */
    public int key() {
        return key;
    }
}
