// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.policy;

/** What a {@link TraitsPolicy} does when two of its forward rules give the same key. */
public enum KeyConflict {
    /** The rule that was added first wins. */
    KEEP_FIRST,
    /** The rule that was added last wins. */
    KEEP_LAST,
    /** Nothing is forwarded: {@link TraitsConflictException}. */
    ERROR
}
