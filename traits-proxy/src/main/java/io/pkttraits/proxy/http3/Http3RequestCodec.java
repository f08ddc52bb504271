// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.http3;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.util.ReferenceCountUtil;

/**
 * Gives the frames of a request stream the shape in which the exchanges have requests and responses. Netty's own such codec ends
 * the stream behind a 103, and keeps a stream's failures to itself.
 *
 * <p>That a request has no content is told by the stream's end alone, which mostly comes with the head; the head waits for the
 * end of the read, so that the upstream does not get chunked nothing.
 */
final class Http3RequestCodec extends ChannelDuplexHandler {
    private final Http3FinWriter output;
    private HttpRequest head;
    private boolean begun;
    private boolean ended;

    /** @param output the stream's, ahead of the codec */
    Http3RequestCodec(Http3FinWriter output) {
        this.output = output;
    }

    /** Breaks a stream off in both directions. */
    static void reset(QuicStreamChannel stream, Http3ErrorCode error) {
        stream.shutdown(Math.toIntExact(error.code()), stream.newPromise());
        stream.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof Http3HeadersFrame frame) {
            onFields(ctx, frame.headers());
        } else if (msg instanceof Http3DataFrame frame) {
            passHead(ctx, true);
            ctx.fireChannelRead(new DefaultHttpContent(frame.content()));
        } else {
            ReferenceCountUtil.release(msg);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (((QuicStreamChannel) ctx.channel()).isInputShutdown()) {
            end(ctx);
        } else {
            passHead(ctx, true);
        }
        ctx.fireChannelReadComplete();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            end(ctx);
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        boolean interim = false;
        if (msg instanceof HttpResponse response) {
            interim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
            Http3Headers fields = Http3Fields.of(response.status(), response.headers());
            boolean more = msg instanceof HttpContent && !interim;
            ctx.write(new DefaultHttp3HeadersFrame(fields), more ? ctx.newPromise() : promise);
        }
        if (interim) {
            ReferenceCountUtil.release(msg);
        } else if (msg instanceof LastHttpContent last) {
            writeLast(ctx, last, promise);
        } else if (msg instanceof HttpContent content) {
            ctx.write(new DefaultHttp3DataFrame(content.content()), promise);
        }
    }

    /** A stream that is closed would look complete to the client, whatever it is missing. */
    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        QuicStreamChannel stream = (QuicStreamChannel) ctx.channel();
        if (!stream.isOutputShutdown()) {
            stream.shutdown(Math.toIntExact(Http3ErrorCode.H3_INTERNAL_ERROR.code()), stream.newPromise());
        }
        ctx.close(promise);
    }

    private void onFields(ChannelHandlerContext ctx, Http3Headers fields) {
        if (!begun) {
            begun = true;
            try {
                head = Http3Fields.toRequest(fields);
            } catch (IllegalArgumentException e) {
                throw new DecoderException(e);
            }
            return;
        }
        passHead(ctx, true);
        LastHttpContent trailers = new DefaultLastHttpContent();
        try {
            Http3Fields.addTo(trailers.trailingHeaders(), fields);
        } catch (IllegalArgumentException e) {
            trailers.release();
            throw new DecoderException(e);
        }
        ended = true;
        ctx.fireChannelRead(trailers);
    }

    private void passHead(ChannelHandlerContext ctx, boolean content) {
        if (head == null) {
            return;
        }
        HttpRequest request = head;
        head = null;
        if (!content) {
            setNoContent(request);
        } else if (!HttpUtil.isContentLengthSet(request)) {
            request.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        ctx.fireChannelRead(request);
    }

    private void end(ChannelHandlerContext ctx) {
        if (begun && !ended) {
            ended = true;
            passHead(ctx, false);
            ctx.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }

    /** The length tells the upstream that a method which usually has content comes without any (RFC 9110 section 8.6). */
    private static void setNoContent(HttpRequest request) {
        HttpMethod method = request.method();
        if (method.equals(HttpMethod.POST) || method.equals(HttpMethod.PUT) || method.equals(HttpMethod.PATCH)) {
            request.headers().set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
        }
    }

    private void writeLast(ChannelHandlerContext ctx, LastHttpContent last, ChannelPromise promise) {
        boolean trailers = !last.trailingHeaders().isEmpty();
        output.beginLast();
        ctx.write(new DefaultHttp3DataFrame(last.content()), trailers ? ctx.newPromise() : promise);
        if (trailers) {
            ctx.write(new DefaultHttp3HeadersFrame(Http3Fields.of(last.trailingHeaders())), promise);
        }
        output.endLast();
    }
}
