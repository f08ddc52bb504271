// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import java.util.List;

/**
 * Tells HTTP/2 with prior knowledge from HTTP/1: by the first 24 bytes, and for HTTP/1 by the first one that differs, which is
 * the third at the latest for every method but {@code PRI}.
 */
final class PrefaceDetector extends ByteToMessageDecoder {
    private final ByteBuf preface = Http2CodecUtil.connectionPrefaceBuf();
    private final ClientPipeline pipelines;

    PrefaceDetector(ClientPipeline pipelines) {
        this.pipelines = pipelines;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        int length = Math.min(in.readableBytes(), preface.readableBytes());
        if (!ByteBufUtil.equals(in, in.readerIndex(), preface, preface.readerIndex(), length)) {
            pipelines.http1(ctx.pipeline());
        } else if (length == preface.readableBytes()) {
            pipelines.http2(ctx.pipeline());
        } else {
            return;
        }
        ctx.pipeline().remove(this);
    }
}
