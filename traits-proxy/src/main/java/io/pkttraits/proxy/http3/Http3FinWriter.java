// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.http3;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.quic.DefaultQuicStreamFrame;
import java.util.ArrayList;
import java.util.List;

/**
 * Sends the end of a stream together with its last bytes. It stands between the stream and the codec, whose frames are several
 * writes. An end that is sent alone and gets lost is not sent again by the quiche of Netty 4.2.18 once what came before it was
 * acknowledged, and the peer would wait for it until its timeout.
 */
final class Http3FinWriter extends ChannelOutboundHandlerAdapter {
    private final List<ChannelPromise> promises = new ArrayList<>();
    private ChannelHandlerContext ctx;
    private CompositeByteBuf last;

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
    }

    /** What is written from here on belongs to the stream's last bytes. */
    void beginLast() {
        last = ctx.alloc().compositeBuffer();
    }

    /** Writes these bytes and the end. If there are none, since the codec refused to write them, nothing is written. */
    void endLast() {
        CompositeByteBuf bytes = last;
        last = null;
        if (promises.isEmpty()) {
            bytes.release();
            return;
        }
        ctx.write(new DefaultQuicStreamFrame(bytes, true)).addListener(written -> {
            for (ChannelPromise promise : promises) {
                if (written.isSuccess()) {
                    promise.trySuccess();
                } else {
                    promise.tryFailure(written.cause());
                }
            }
        });
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        if (last != null && msg instanceof ByteBuf bytes) {
            last.addComponent(true, bytes);
            promises.add(promise);
        } else {
            ctx.write(msg, promise);
        }
    }
}
