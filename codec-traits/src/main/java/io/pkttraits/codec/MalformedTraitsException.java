// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.codec;

/**
 * Bytes are not the traits that they should be: the one error of all decoders.
 *
 * <p>It has no stack trace. The bytes may come from anybody, who must not be able to make an error expensive.
 */
public final class MalformedTraitsException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** What is wrong with the bytes. */
    public enum Reason {
        /** The bytes end inside an element, a header or a value. */
        TRUNCATED,
        /** Bytes are left over behind the last value. */
        TRAILING,
        /** A key is not in 0..63, or a name is that of none. */
        KEY_OUT_OF_RANGE,
        /** A length is none that a value can have. */
        LENGTH,
        /** A key is there twice. */
        DUPLICATE_KEY,
        /** A key is smaller than the one before it, where the format wants them ascending. */
        KEY_ORDER,
        /** A byte that must be zero is not. */
        PADDING,
        /** A character of a text format stands where none such may. */
        SYNTAX,
        /** A value of a text format is of a type that no trait has. */
        TYPE
    }

    private final Reason reason;
    private final int offset;

    MalformedTraitsException(Reason reason, int offset, String detail) {
        super(detail + " at offset " + offset, null);
        this.reason = reason;
        this.offset = offset;
    }

    /** What is wrong. */
    public Reason reason() {
        return reason;
    }

    /** Where: bytes from the input's readerIndex to the field that is wrong. */
    public int offset() {
        return offset;
    }

    /** Does nothing: see above. */
    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // it has no state to guard
    public Throwable fillInStackTrace() {
        return this;
    }
}
