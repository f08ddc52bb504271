// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Stream.State;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.pkttraits.proxy.config.ProxyConfig;

/** A stream of HTTP/2. */
final class Http2Stream extends ClientStream {
    Http2Stream(RequestPath path, ProxyConfig.Limits limits) {
        super(path, limits);
    }

    @Override
    protected String version() {
        return "HTTP/2.0";
    }

    /** A reset without error lets the client keep the response (RFC 9113 section 8.1). */
    @Override
    protected void stopRequest(ChannelHandlerContext ctx) {
        State state = ((Http2StreamChannel) ctx.channel()).stream().state();
        if (state == State.OPEN || state == State.HALF_CLOSED_LOCAL) {
            reset(ctx, Http2Error.NO_ERROR);
        }
    }

    @Override
    protected void abort(ChannelHandlerContext ctx) {
        reset(ctx, Http2Error.INTERNAL_ERROR);
    }

    @Override
    protected void abort(ChannelHandlerContext ctx, Throwable cause) {
        Http2Exception exception = Http2CodecUtil.getEmbeddedHttp2Exception(cause);
        if (exception != null) {
            reset(ctx, exception.error());
        } else {
            reset(ctx, cause instanceof DecoderException ? Http2Error.PROTOCOL_ERROR : Http2Error.INTERNAL_ERROR);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Http2ResetFrame) {
            onCancelled();
        }
    }

    private void reset(ChannelHandlerContext ctx, Http2Error error) {
        ctx.writeAndFlush(new DefaultHttp2ResetFrame(error));
        drop();
    }
}
