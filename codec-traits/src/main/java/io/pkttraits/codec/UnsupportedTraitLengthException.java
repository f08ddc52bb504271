// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.codec;

/** A trait set cannot be encoded, because the format cannot hold a value of that length. */
public final class UnsupportedTraitLengthException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final int key;
    private final int length;

    UnsupportedTraitLengthException(int key, int length, TraitStoreLayout layout) {
        super("the value of trait key " + key + " has " + (length == 0 ? "0 bytes (a flag)" : length + " bytes")
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
