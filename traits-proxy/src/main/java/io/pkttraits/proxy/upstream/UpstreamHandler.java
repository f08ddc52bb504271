// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpObject;
import io.netty.util.ReferenceCountUtil;

/**
 * The end of an upstream connection's pipeline: passes what arrives to the listener of the request in flight.
 *
 * <p>It is also the first handler behind the socket, by way of {@link #bytesWatch()}: to know whether an upstream that closes had
 * said anything at all, and to close a connection on which a single byte arrives between two exchanges. Such bytes must not even
 * reach the decoder, which would keep the beginning of a response for the next exchange.
 */
final class UpstreamHandler extends ResponseHandler {
    private final UpstreamDecoder decoder;
    private int exchanges;
    private boolean answered;

    UpstreamHandler(UpstreamDecoder decoder) {
        this.decoder = decoder;
    }

    /** To be put before the codec. */
    ChannelInboundHandlerAdapter bytesWatch() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                if (listener() == null) {
                    ReferenceCountUtil.release(msg);
                    ctx.close();
                    return;
                }
                answered |= ((ByteBuf) msg).isReadable();
                ctx.fireChannelRead(msg);
            }
        };
    }

    void begin(ResponseListener listener, boolean isHead) {
        begin(listener);
        decoder.expect(isHead);
        exchanges++;
        answered = false;
    }

    /** Whether the connection had served another exchange before, and so may have been closed by the upstream as we took it. */
    boolean isReused() {
        return exchanges > 1;
    }

    /** Whether more than the response that has just ended was read; to be asked at its end. */
    boolean hasSurplus() {
        return decoder.hasUndecoded();
    }

    /** Whether a byte of the response has arrived. */
    boolean isAnswered() {
        return answered;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (listener() == null) {
            ReferenceCountUtil.release(msg);
            ctx.close();
        } else {
            listener().onResponse((HttpObject) msg);
        }
    }
}
