// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.http3;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http3.DefaultHttp3GoAwayFrame;
import io.netty.handler.codec.http3.DefaultHttp3SettingsFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3ServerConnectionHandler;
import io.netty.handler.codec.http3.Http3Settings;
import io.netty.handler.codec.http3.Http3SettingsFrame;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.flow.FlowControlHandler;
import io.pkttraits.proxy.config.ProxyConfig;
import io.pkttraits.proxy.hop.ClientOrigin;
import io.pkttraits.proxy.http.ClientFacts;
import io.pkttraits.proxy.http.ConnectionContext;
import io.pkttraits.proxy.http.RequestPath;
import io.pkttraits.proxy.net.ClientConnections;
import io.pkttraits.proxy.net.ProgressTimer;
import io.pkttraits.transport.PacketTraits;
import io.pkttraits.transport.quic.QuicConnectionTraitsHandler;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's QUIC connection. Its requests are {@link Http3Stream}s, each a channel of its own; here is what concerns all of them:
 * that an unused connection is closed, and how a connection ends when the proxy does.
 *
 * <p>All of them go on with the traits of the datagram that opened the connection, and name the client by that datagram's sender,
 * wherever the connection migrates to.
 */
final class Http3Connection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Http3Connection.class);

    static final int MAX_CONCURRENT_STREAMS = 100;

    /** The largest identifier of a client's request stream: all that may still come are served (RFC 9114 section 5.2). */
    private static final long ALL_STREAMS = (1L << 62) - 4;

    /** The distance of a client's request streams (RFC 9000 section 2.1). */
    private static final int STREAM_STEP = 4;

    /** How long requests that are on their way may take to arrive, and the last response after them to leave. */
    private static final int DRAIN_SECONDS = 1;

    private final ConnectionContext context;
    private final Set<Channel> streams = new HashSet<>();
    private ChannelHandlerContext ctx;
    private RequestPath path;
    private ProgressTimer timer;
    private long nextStream;
    private boolean draining;
    private boolean ending;

    private Http3Connection(ConnectionContext context) {
        this.context = context;
    }

    /** Adds the codec and what is around it to a connection that is not active yet. */
    static void addTo(ChannelPipeline pipeline, ConnectionContext context) {
        ProxyConfig.Limits limits = context.config().limits();
        Http3Connection connection = new Http3Connection(context);
        long maxFieldSection = (long) limits.maxInitialLine() + limits.maxHeaderSize();
        Http3SettingsFrame settings =
                new DefaultHttp3SettingsFrame(Http3Settings.defaultSettings().maxFieldSectionSize(maxFieldSection));
        pipeline.addLast(new QuicConnectionTraitsHandler())
                .addLast(connection)
                .addLast(new Http3ServerConnectionHandler(connection.streamInitializer(), null, null, settings, true));
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        this.ctx = ctx;
        QuicChannel channel = (QuicChannel) ctx.channel();
        ClientOrigin origin =
                new ClientOrigin(channel.remoteSocketAddress(), channel.localSocketAddress(), PacketTraits.of(channel));
        path = new RequestPath(context, channel, "HTTP/3", ClientFacts.of(channel, origin), origin, origin.source());
        timer = new ProgressTimer(ctx.executor(), context.config().limits().idleTimeout(), streams::isEmpty, this::end);
        timer.start();
        ctx.fireChannelActive();
        if (context.clients().isDraining()) {
            drain();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ClientConnections.DRAIN) {
            if (timer == null) {
                ctx.close();
            } else {
                drain();
            }
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (timer != null) {
            timer.stop();
        }
        ending = true;
        ctx.fireChannelInactive();
    }

    /** Both codecs answer what is wrong with QUIC and HTTP/3. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("{}: {}", ctx.channel(), cause.toString());
    }

    private ChannelInitializer<QuicStreamChannel> streamInitializer() {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(QuicStreamChannel stream) {
                stream.config().setAutoRead(false);
                if (ending) {
                    Http3RequestCodec.reset(stream, Http3ErrorCode.H3_REQUEST_REJECTED);
                    return;
                }
                nextStream = Math.max(nextStream, stream.streamId() + STREAM_STEP);
                streams.add(stream);
                stream.closeFuture().addListener(future -> onStreamClosed(stream));
                Http3FinWriter output = new Http3FinWriter();
                stream.pipeline()
                        .addFirst(output)
                        .addLast(new Http3RequestCodec(output))
                        .addLast(new FlowControlHandler())
                        .addLast(new Http3Stream(path, context.config().limits()));
            }
        };
    }

    private void onStreamClosed(Channel stream) {
        streams.remove(stream);
        timer.progress();
        closeIfEnded();
    }

    /** In two steps, so that no request is lost that is on its way already (RFC 9114 section 5.2). */
    private void drain() {
        if (!draining) {
            draining = true;
            goAway(ALL_STREAMS);
            ctx.executor().schedule(this::end, DRAIN_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void end() {
        if (!ending) {
            ending = true;
            goAway(nextStream);
            closeIfEnded();
        }
    }

    private void goAway(long firstUnserved) {
        QuicStreamChannel control = Http3.getLocalControlStream(ctx.channel());
        if (control != null) {
            control.writeAndFlush(new DefaultHttp3GoAwayFrame(firstUnserved));
        }
    }

    /** What is written is not sent yet, and a connection that closes sends nothing more. */
    private void closeIfEnded() {
        if (ending && streams.isEmpty() && ctx.channel().isActive()) {
            ctx.executor().schedule(this::close, DRAIN_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void close() {
        ((QuicChannel) ctx.channel())
                .close(true, Math.toIntExact(Http3ErrorCode.H3_NO_ERROR.code()), Unpooled.EMPTY_BUFFER);
    }
}
