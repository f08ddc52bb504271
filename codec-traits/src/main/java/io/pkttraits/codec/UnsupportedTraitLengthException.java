// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.codec;

/** A set cannot be encoded, since the format has no way to write a value of that length. */
public final class UnsupportedTraitLengthException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final int key;
    private final int length;

    UnsupportedTraitLengthException(int key, int length, TraitStoreLayout layout) {
        super("value of key " + key + " has " + (length == 0 ? "0 bytes (a flag)" : length + " bytes")
                + ", which layout " + layout + " cannot hold");
        this.key = key;
        this.length = length;
    }

    /** The smallest key whose value cannot be written. */
    public int key() {
        return key;
    }

    /** The length of its value in bytes, 0 for a flag. */
    public int length() {
        return length;
    }
}
