// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

/**
 * One thing that is wrong with a registry's files.
 *
 * @param position where
 * @param message what, in one line
 */
public record RegistryError(SourcePosition position, String message) {
    /** {@code file:line:column: message}. */
    @Override
    public String toString() {
        return position + ": " + message;
    }
}
