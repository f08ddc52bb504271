// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import io.netty.buffer.ByteBuf;

/**
 * The two bytes {@code 'T' 'R'} by which we know our options from those of others who use the same experimental
 * number (RFC 4727; the practice is that of RFC 6994 for TCP).
 */
final class ExperimentId {
    static final int LENGTH = 2;

    private static final int TR = 'T' << 8 | 'R';

    private ExperimentId() {}

    static void write(ByteBuf out) {
        out.writeShort(TR);
    }

    static boolean isAt(ByteBuf buf, int index) {
        return buf.getUnsignedShort(index) == TR;
    }
}
