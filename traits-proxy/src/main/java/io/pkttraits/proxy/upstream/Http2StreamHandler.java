// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.upstream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;

/** The end of the pipeline of an upstream's stream: passes what arrives to the listener of the stream's request. */
final class Http2StreamHandler extends ResponseHandler {
    private final Http2UpstreamConnection connection;
    private final boolean reused;
    private boolean answered;
    private boolean refused;
    private boolean requestSent;

    /** @param reused whether the connection had other streams before, and so may have ended as this one was opened */
    Http2StreamHandler(Http2UpstreamConnection connection, boolean reused) {
        this.connection = connection;
        this.reused = reused;
    }

    /** Whether the upstream may not have seen the request. */
    boolean isStale(Http2StreamChannel stream) {
        return !answered
                && (refused
                        || connection.isUnprocessed(stream.stream().id())
                        || (reused && !connection.channel().isActive()));
    }

    /** Whether the whole request was handed to the connection. */
    boolean isRequestSent() {
        return requestSent;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        if (msg instanceof LastHttpContent) {
            promise.addListener(future -> requestSent = future.isSuccess());
        }
        ctx.write(msg, promise);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        answered = true;
        if (listener() == null) {
            ReferenceCountUtil.release(msg);
        } else {
            listener().onResponse((HttpObject) msg);
        }
    }

    /** A reset without an error comes behind a complete response, which may not have been read yet (RFC 9113 section 8.1). */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof Http2ResetFrame reset && reset.errorCode() != Http2Error.NO_ERROR.code()) {
            refused = reset.errorCode() == Http2Error.REFUSED_STREAM.code();
            fail(new IOException("stream reset by the upstream: " + Http2Error.valueOf(reset.errorCode())));
        }
        ReferenceCountUtil.release(event);
    }
}
