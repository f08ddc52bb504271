// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.codec;

/**
 * The bytes or characters that were decoded are not traits. All decoders throw this exception and no other one for what
 * they read.
 *
 * <p>It has no stack trace, because peers choose the bytes and must not be able to make an error expensive. The message says
 * what is wrong and at which offset. It never contains a value.
 */
public final class MalformedTraitsException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** The kinds of errors. */
    public enum Reason {
        /** The bytes end inside an element, a header or a value. */
        TRUNCATED,
        /** There are more bytes after the last value. */
        TRAILING,
        /** A trait key is not in 0..63, or a key of a text format is not the name of one. */
        KEY_OUT_OF_RANGE,
        /** No value can have this length. */
        LENGTH,
        /** A trait key has two values. */
        DUPLICATE_KEY,
        /** A trait key is smaller than the one before it, and the format requires ascending keys. */
        KEY_ORDER,
        /** A byte that must be zero is not. */
        PADDING,
        /** A character of a text format is not allowed at its place. */
        SYNTAX,
        /** A value of a text format has a type that no trait has. */
        TYPE
    }

    private final Reason reason;
    private final int offset;

    MalformedTraitsException(Reason reason, int offset, String detail) {
        super(detail + " (offset " + offset + ")", null);
        this.reason = reason;
        this.offset = offset;
    }

    /** Returns what is wrong. */
    public Reason reason() {
        return reason;
    }

    /** Returns the number of bytes, of text of characters, from the start of the input to the field that is wrong. */
    public int offset() {
        return offset;
    }

    /** Records no stack trace and returns this exception. */
    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // it has no state to guard
    public Throwable fillInStackTrace() {
        return this;
    }
}
