// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2SettingsAckFrame;
import io.netty.util.ReferenceCountUtil;
import io.pkttraits.proxy.net.IoTransport;
import io.pkttraits.transport.SynTraits;
import io.pkttraits.transport.SynTraitsHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server that speaks HTTP/2 without TLS, and answers with {@code NUMBER TRAITS} of the connection or as the path says:
 *
 * <ul>
 *   <li>{@code /once/…} does what is behind it on the first stream that asks so, and answers the later ones
 *   <li>{@code refuse}, {@code reset} break the stream off, {@code goaway} says that it was not seen, {@code close} closes the
 *       connection
 *   <li>{@code /part} sends half of a response and breaks off, {@code /hang} answers never
 *   <li>{@code /echo} sends the content back, {@code /interim} a 103 and trailers, {@code /empty} ends the stream with the head
 * </ul>
 */
final class Http2Upstream implements AutoCloseable {
    private final EventLoopGroup group;
    private final Channel listener;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger broken = new AtomicInteger();
    private final AtomicInteger streams = new AtomicInteger();
    private final AtomicInteger mostStreams = new AtomicInteger();
    private final AtomicInteger hanging = new AtomicInteger();

    Http2Upstream(IoTransport transport, int maxStreams) throws InterruptedException {
        group = new MultiThreadIoEventLoopGroup(1, transport.ioHandlers());
        listener = new ServerBootstrap()
                .group(group)
                .channel(transport.serverChannel())
                .handler(new SynTraitsHandler())
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel ch) {
                        String answer = connections.getAndIncrement() + " " + SynTraits.of(ch);
                        Http2FrameCodec codec = Http2FrameCodecBuilder.forServer()
                                .initialSettings(Http2Settings.defaultSettings().maxConcurrentStreams(maxStreams))
                                .build();
                        ch.pipeline()
                                .addLast(codec)
                                .addLast(new Http2MultiplexHandler(new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel stream) {
                                        stream.pipeline().addLast(new Answer(answer, codec));
                                    }
                                }))
                                .addLast(new Lenient(codec));
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    int connections() {
        return connections.get();
    }

    /** The requests so far that were not answered as asked. */
    int hanging() {
        return hanging.get();
    }

    /** The most requests that were unanswered at a time, on all connections. */
    int mostStreams() {
        return mostStreams.get();
    }

    @Override
    public void close() {
        listener.close().syncUninterruptibly();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private final class Answer extends ChannelInboundHandlerAdapter {
        private final String text;
        private final Http2FrameCodec codec;
        private String path;

        Answer(String text, Http2FrameCodec codec) {
            this.text = text;
            this.codec = codec;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            mostStreams.accumulateAndGet(streams.incrementAndGet(), Math::max);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            if (msg instanceof Http2HeadersFrame head) {
                path = head.headers().path() == null
                        ? path
                        : head.headers().path().toString();
                if (path.equals("/echo")) {
                    ctx.writeAndFlush(new DefaultHttp2HeadersFrame(head("200"), head.isEndStream()));
                } else if (head.isEndStream()) {
                    answer(ctx);
                }
            } else if (msg instanceof Http2DataFrame data && path.equals("/echo")) {
                ctx.writeAndFlush(new DefaultHttp2DataFrame(data.content().retain(), data.isEndStream()));
            } else if (msg instanceof Http2DataFrame data && data.isEndStream()) {
                answer(ctx);
            }
            ReferenceCountUtil.release(msg);
        }

        private void answer(ChannelHandlerContext ctx) {
            streams.decrementAndGet();
            String how = path;
            if (path.startsWith("/once/")) {
                how = broken.getAndIncrement() == 0 ? path.substring("/once".length()) : "/";
            }
            switch (how) {
                case "/refuse" -> ctx.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.REFUSED_STREAM));
                case "/reset" -> ctx.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR));
                case "/goaway" -> goAway(ctx);
                case "/close" -> ctx.channel().parent().close();
                case "/hang" -> hanging.incrementAndGet();
                case "/part" -> {
                    ctx.write(new DefaultHttp2HeadersFrame(head("200").set("content-length", "10")));
                    ctx.write(data(ctx, "half", false));
                    ctx.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR));
                }
                case "/interim" -> {
                    ctx.write(new DefaultHttp2HeadersFrame(head("103").set("link", "</a>")));
                    ctx.write(new DefaultHttp2HeadersFrame(head("200")));
                    ctx.write(data(ctx, "content", false));
                    ctx.writeAndFlush(
                            new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().set("x-trailer", "t"), true));
                }
                case "/empty" -> ctx.writeAndFlush(new DefaultHttp2HeadersFrame(head("200"), true));
                default -> {
                    ctx.write(new DefaultHttp2HeadersFrame(
                            head("200").set("content-length", Integer.toString(text.length()))));
                    ctx.writeAndFlush(data(ctx, text, true));
                }
            }
        }

        /** Its last stream identifier is 0: no stream was seen. */
        private void goAway(ChannelHandlerContext ctx) {
            Channel connection = ctx.channel().parent();
            ChannelHandlerContext http2 = connection.pipeline().context(codec);
            codec.encoder()
                    .writeGoAway(http2, 0, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, http2.newPromise());
            http2.flush();
        }

        private static Http2Headers head(String status) {
            return new DefaultHttp2Headers().status(status);
        }

        private static DefaultHttp2DataFrame data(ChannelHandlerContext ctx, String text, boolean last) {
            return new DefaultHttp2DataFrame(ByteBufUtil.writeAscii(ctx.alloc(), text), last);
        }
    }

    /** Counts streams itself: the codec has one open until it knows that its end was written, when the client may know already. */
    private static final class Lenient extends ChannelInboundHandlerAdapter {
        private final Http2FrameCodec codec;

        Lenient(Http2FrameCodec codec) {
            this.codec = codec;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            if (msg instanceof Http2SettingsAckFrame) {
                codec.connection().remote().maxActiveStreams(Integer.MAX_VALUE);
            }
            ReferenceCountUtil.release(msg);
        }
    }
}
