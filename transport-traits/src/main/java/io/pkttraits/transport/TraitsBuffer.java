// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.DuplicatedByteBuf;
import io.pkttraits.codec.Traits;

/**
 * A buffer that a QUIC connection allocated to fill it with one of its packets, and the traits to send that with.
 *
 * <p>It shares content and reference count with the buffer under it.
 */
@SuppressWarnings("deprecation") // to be called by nobody, but the one view of a buffer that can be extended
final class TraitsBuffer extends DuplicatedByteBuf {
    private final Traits traits;

    TraitsBuffer(ByteBuf buffer, Traits traits) {
        super(buffer);
        this.traits = traits;
    }

    Traits traits() {
        return traits;
    }

    /** The buffer under it, readable as this one is; takes its place, references are neither added nor taken. */
    ByteBuf plain() {
        return unwrap().setIndex(readerIndex(), writerIndex());
    }
}
