// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to an upstream that speaks HTTP/2: how many streams it may have, and until when. It is ready when the upstream has
 * said so, by its first SETTINGS.
 */
final class Http2UpstreamConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Http2UpstreamConnection.class);

    /** Streams at a time, if the upstream allows more. */
    static final int MAX_STREAMS = 100;

    /** Far from the last stream identifier, a connection is replaced. */
    private static final int MAX_OPENED = 1 << 29;

    private final Http2Connection http2;
    private Channel channel;
    private Consumer<Throwable> onReady;
    private boolean ready;
    private boolean goingAway;
    private int maxStreams = MAX_STREAMS;
    private int active;
    private int opened;

    Http2UpstreamConnection(Http2Connection http2) {
        this.http2 = http2;
    }

    Channel channel() {
        return channel;
    }

    int active() {
        return active;
    }

    int maxStreams() {
        return maxStreams;
    }

    /** Calls {@code action} with {@code null} once this is ready, or with the reason why it never will be. */
    void whenReady(Consumer<Throwable> action) {
        if (ready) {
            action.accept(null);
        } else if (!channel.isActive()) {
            action.accept(new IOException("the upstream closed the connection before it spoke HTTP/2"));
        } else {
            onReady = action;
        }
    }

    boolean canOpen() {
        return isUsable() && active < maxStreams;
    }

    /** Whether it is worth keeping. */
    boolean isUsable() {
        return ready && !goingAway && !http2.goAwayReceived() && channel.isActive();
    }

    /** Whether the upstream has said that it did not and will not see to a stream (RFC 9113 section 6.8). */
    boolean isUnprocessed(int stream) {
        return http2.goAwayReceived() && stream > http2.local().lastStreamKnownByPeer();
    }

    /** Opens a stream whose pipeline ends with an {@link Http2StreamHandler}. */
    void open(Consumer<Channel> onSuccess, Consumer<Throwable> onFailure, Runnable onClosed) {
        active++;
        boolean reused = opened > 0;
        opened++;
        goingAway |= opened >= MAX_OPENED;
        new Http2StreamChannelBootstrap(channel)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel stream) {
                        stream.config().setAutoRead(false);
                        stream.pipeline()
                                .addLast(new Http2ResponseCodec())
                                .addLast(new Http2StreamHandler(Http2UpstreamConnection.this, reused));
                    }
                })
                .open()
                .addListener((Future<Http2StreamChannel> future) -> {
                    if (future.isSuccess()) {
                        future.getNow().closeFuture().addListener(closed -> {
                            active--;
                            onClosed.run();
                        });
                        onSuccess.accept(future.getNow());
                    } else {
                        active--;
                        onFailure.accept(future.cause());
                        onClosed.run();
                    }
                });
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        // With the initial window one stream that is not read from would block all others.
        int window = (MAX_STREAMS - 1) * Http2CodecUtil.DEFAULT_WINDOW_SIZE;
        ctx.writeAndFlush(new DefaultHttp2WindowUpdateFrame(window));
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof Http2SettingsFrame frame) {
            Long max = frame.settings().maxConcurrentStreams();
            if (max != null) {
                maxStreams = (int) Math.min(MAX_STREAMS, max);
            }
            ready = true;
            tell(null);
        } else if (msg instanceof Http2GoAwayFrame) {
            goingAway = true;
            if (active == 0) {
                ctx.close();
            }
        }
        ReferenceCountUtil.release(msg);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        tell(new IOException("the upstream closed the connection before it spoke HTTP/2"));
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("{}: {}", ctx.channel(), cause.toString());
        if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) == null) {
            ctx.close();
        }
    }

    private void tell(Throwable failure) {
        if (onReady != null) {
            Consumer<Throwable> action = onReady;
            onReady = null;
            action.accept(failure);
        }
    }
}
