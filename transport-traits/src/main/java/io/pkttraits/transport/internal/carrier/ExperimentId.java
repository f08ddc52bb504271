// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import io.netty.buffer.ByteBuf;

/**
 * The two bytes {@code 'T' 'R'} that tell our options from others with the same experimental number (RFC 4727), as RFC
 * 6994 does it for TCP.
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
