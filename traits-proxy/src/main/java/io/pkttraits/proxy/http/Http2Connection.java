// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2PingFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.pkttraits.proxy.config.ProxyConfig;
import io.pkttraits.proxy.hop.ClientOrigin;
import io.pkttraits.proxy.net.ClientConnections;
import io.pkttraits.proxy.net.ProgressTimer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's connection that speaks HTTP/2. Its streams are {@link Http2Stream}s, each a channel of its own; here is what concerns
 * all of them: that an unused connection is closed, and how a connection ends when the proxy does.
 *
 * <p>Beside the bounds that are set here those stand that Netty's codec has by default: on reset, empty, small continuation and
 * queued control frames.
 */
final class Http2Connection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Http2Connection.class);

    /** RFC 9113 section 6.5.2 recommends no less. */
    static final int MAX_CONCURRENT_STREAMS = 100;

    /** The streams that a client opened before it can have seen the first GOAWAY have arrived when this is answered. */
    private static final long DRAIN_PING = 0x6472_6169_6e00_0000L;

    /** How long an unused client is waited for that does not answer the ping, since nobody looks at its connection. */
    private static final int DRAIN_SECONDS = 1;

    private final ConnectionContext context;
    private final Set<Channel> streams = new HashSet<>();
    private ChannelHandlerContext ctx;
    private RequestPath path;
    private ProgressTimer timer;
    private boolean draining;
    private boolean closing;

    private Http2Connection(ConnectionContext context) {
        this.context = context;
    }

    /**
     * Adds the codec and what is behind it to a connection that is active.
     *
     * @param behindCodec adds to each stream's pipeline what is to see HTTP/1.1's messages
     */
    static void addTo(ChannelPipeline pipeline, ConnectionContext context, Consumer<ChannelPipeline> behindCodec) {
        ProxyConfig.Limits limits = context.config().limits();
        Http2Settings settings = Http2Settings.defaultSettings()
                .maxConcurrentStreams(MAX_CONCURRENT_STREAMS)
                .maxHeaderListSize(limits.maxInitialLine() + limits.maxHeaderSize());
        Http2FrameCodec codec = Http2FrameCodecBuilder.forServer()
                .initialSettings(settings)
                .validateRequiredPseudoHeaders(true)
                .decoupleCloseAndGoAway(true)
                .build();
        // Not only once the client has acknowledged the setting, which it may never do.
        codec.connection().remote().maxActiveStreams(MAX_CONCURRENT_STREAMS);
        Http2Connection connection = new Http2Connection(context);
        // Reading is what every stream's flow control needs; what a stream does not take stays within its window.
        pipeline.channel().config().setAutoRead(true);
        pipeline.addLast(codec)
                .addLast(new Http2MultiplexHandler(connection.streamInitializer(behindCodec)))
                .addLast(connection);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
        Channel channel = ctx.channel();
        ClientOrigin origin = ClientOrigin.of(channel);
        path = new RequestPath(
                context, channel, "HTTP/2", ClientFacts.of(channel, origin), origin, channel.remoteAddress());
        timer = new ProgressTimer(ctx.executor(), context.config().limits().idleTimeout(), streams::isEmpty, this::end);
        timer.start();
        // With the initial window one stream that is not read from would block all others.
        int window = (MAX_CONCURRENT_STREAMS - 1) * Http2CodecUtil.DEFAULT_WINDOW_SIZE;
        ctx.writeAndFlush(new DefaultHttp2WindowUpdateFrame(window));
        if (context.clients().isDraining()) {
            drain();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof Http2PingFrame ping && ping.ack() && ping.content() == DRAIN_PING) {
            end();
        }
        ReferenceCountUtil.release(msg);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslCloseCompletionEvent) {
            ctx.close();
        } else if (event == ClientConnections.DRAIN) {
            drain();
        }
    }

    /** A stream that is not read from would not notice it. */
    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        timer.stop();
        closing = true;
        List.copyOf(streams).forEach(Channel::close);
    }

    /** The codec itself answers what is wrong with HTTP/2. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("{}: closing the connection", path.peer(), cause);
        if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) == null) {
            ctx.close();
        } else {
            path.refused("HTTP/2.0");
        }
    }

    private ChannelInitializer<Channel> streamInitializer(Consumer<ChannelPipeline> behindCodec) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel stream) {
                streams.add(stream);
                stream.closeFuture().addListener(future -> onStreamClosed(stream));
                stream.config().setAutoRead(false);
                stream.pipeline().addLast(new Http2RequestCodec());
                behindCodec.accept(stream.pipeline());
                stream.pipeline()
                        .addLast(new FlowControlHandler())
                        .addLast(new Http2Stream(path, context.config().limits()));
            }
        };
    }

    private void onStreamClosed(Channel stream) {
        streams.remove(stream);
        timer.progress();
        closeIfEnded();
    }

    /** In two steps, so that no request is lost that is on its way already (RFC 9113 section 6.8). */
    private void drain() {
        if (draining) {
            return;
        }
        draining = true;
        Http2GoAwayFrame soon = new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR);
        soon.setExtraStreamIds(Integer.MAX_VALUE);
        ctx.write(soon);
        ctx.writeAndFlush(new DefaultHttp2PingFrame(DRAIN_PING));
        ctx.executor().schedule(this::end, DRAIN_SECONDS, TimeUnit.SECONDS);
    }

    private void end() {
        if (!closing) {
            closing = true;
            ctx.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
            closeIfEnded();
        }
    }

    private void closeIfEnded() {
        if (closing && streams.isEmpty()) {
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }
}
