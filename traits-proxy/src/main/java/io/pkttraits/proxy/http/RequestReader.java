// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.http;

import io.netty.channel.ChannelHandlerContext;

/**
 * Asks the flow control for the parts of requests, one at a time. Parts that the last read of the socket brought are delivered
 * before {@code ctx.read()} returns, so asking has to be a loop: a recursion would be as deep as there are parts.
 */
final class RequestReader {
    private final ChannelHandlerContext ctx;
    private boolean wanted;
    private boolean delivered;
    private boolean pumping;

    RequestReader(ChannelHandlerContext ctx) {
        this.ctx = ctx;
    }

    /** Asks for the next part; nothing happens if it was asked for already. */
    void want() {
        if (!wanted) {
            wanted = true;
            pump();
        }
    }

    /** A part has arrived; to be called before it is handled. */
    void onPart() {
        wanted = false;
        delivered = true;
    }

    /** The flow control takes a read for done when the socket has nothing more, also if it brought no whole part. */
    void onReadComplete() {
        if (wanted) {
            pump();
        }
    }

    private void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        try {
            do {
                delivered = false;
                ctx.read();
            } while (wanted && delivered);
        } finally {
            pumping = false;
        }
    }
}
