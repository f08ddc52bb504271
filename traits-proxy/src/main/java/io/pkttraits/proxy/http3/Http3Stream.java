// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.http3;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.quic.QuicException;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.pkttraits.proxy.config.ProxyConfig;
import io.pkttraits.proxy.http.ClientStream;
import io.pkttraits.proxy.http.RequestPath;

/**
 * A request stream of HTTP/3. That its client does not want the response any more (STOP_SENDING) is only noticed as something is
 * written, since the codec does not tell.
 */
final class Http3Stream extends ClientStream {
    Http3Stream(RequestPath path, ProxyConfig.Limits limits) {
        super(path, limits);
    }

    @Override
    protected String version() {
        return "HTTP/3.0";
    }

    /** The client keeps the response (RFC 9114 section 4.1). */
    @Override
    protected void stopRequest(ChannelHandlerContext ctx) {
        QuicStreamChannel stream = (QuicStreamChannel) ctx.channel();
        if (!stream.isInputShutdown()) {
            stream.shutdownInput(Math.toIntExact(Http3ErrorCode.H3_NO_ERROR.code()));
        }
    }

    @Override
    protected void abort(ChannelHandlerContext ctx) {
        reset(ctx, Http3ErrorCode.H3_INTERNAL_ERROR);
    }

    @Override
    protected void abort(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof QuicException) {
            reset(ctx, Http3ErrorCode.H3_REQUEST_CANCELLED);
        } else {
            boolean malformed = cause instanceof DecoderException;
            reset(ctx, malformed ? Http3ErrorCode.H3_MESSAGE_ERROR : Http3ErrorCode.H3_INTERNAL_ERROR);
        }
    }

    private static void reset(ChannelHandlerContext ctx, Http3ErrorCode error) {
        Http3RequestCodec.reset((QuicStreamChannel) ctx.channel(), error);
    }
}
