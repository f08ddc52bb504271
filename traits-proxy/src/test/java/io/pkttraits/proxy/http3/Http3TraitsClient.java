// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.http3;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3ClientConnectionHandler;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3Frame;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInitializer;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import io.pkttraits.Traits;
import io.pkttraits.proxy.net.IoTransport;
import io.pkttraits.transport.TraitsException;
import io.pkttraits.transport.quic.QuicConnectionTraitsHandler;
import io.pkttraits.transport.quic.QuicTraits;
import io.pkttraits.transport.quic.QuicTraitsHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One UDP socket, from which QUIC connections with traits of their own are opened; each may have many requests in flight. */
public final class Http3TraitsClient implements AutoCloseable {
    private static final int MAX_DATAGRAM = 2048;

    private final InetSocketAddress address;
    private final Channel socket;

    public Http3TraitsClient(EventLoopGroup group, IoTransport transport, InetSocketAddress address)
            throws InterruptedException {
        this.address = address;
        socket = new Bootstrap()
                .group(group)
                .channelFactory(() -> transport.datagramChannel().apply(SocketProtocolFamily.INET))
                .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, MAX_DATAGRAM)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(64 * MAX_DATAGRAM))
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel ch) {
                        ch.pipeline()
                                .addLast(new QuicTraitsHandler())
                                .addLast(Http3.newQuicClientCodecBuilder()
                                        .sslContext(QuicSslContextBuilder.forClient()
                                                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                                                .applicationProtocols("h3")
                                                .build())
                                        .maxIdleTimeout(60, TimeUnit.SECONDS)
                                        .initialMaxData(1 << 22)
                                        .initialMaxStreamDataBidirectionalLocal(1 << 18)
                                        .build());
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
    }

    public QuicChannel connect(Traits traits) throws InterruptedException {
        return QuicChannel.newBootstrap(socket)
                .handler(new ChannelInitializer<QuicChannel>() {
                    @Override
                    protected void initChannel(QuicChannel ch) throws TraitsException {
                        ch.pipeline()
                                .addLast(new QuicConnectionTraitsHandler())
                                .addLast(new Http3ClientConnectionHandler());
                        QuicTraits.setOutgoing(ch, traits);
                    }
                })
                .remoteAddress(address)
                .connect()
                .sync()
                .getNow();
    }

    public static Http3Headers head(String method, String path) {
        return new DefaultHttp3HeadersFrame()
                .headers()
                .method(method)
                .scheme("https")
                .authority("a")
                .path(path);
    }

    /** Status code and content. */
    public static CompletableFuture<String> get(QuicChannel connection) {
        return exchange(connection, stream -> writeLast(stream, new DefaultHttp3HeadersFrame(head("GET", "/"))));
    }

    /** Writes a frame with which the request ends. */
    public static void writeLast(QuicStreamChannel stream, Http3Frame frame) {
        Http3FinWriter output = new Http3FinWriter();
        stream.pipeline().addFirst(output);
        output.beginLast();
        stream.write(frame);
        output.endLast();
    }

    public static DefaultHttp3DataFrame data(String content) {
        return new DefaultHttp3DataFrame(Unpooled.copiedBuffer(content, StandardCharsets.US_ASCII));
    }

    /** Status codes, interim ones too, content and trailers, with spaces between. */
    public static CompletableFuture<String> exchange(QuicChannel connection, Consumer<QuicStreamChannel> request) {
        CompletableFuture<String> response = new CompletableFuture<>();
        Http3.newRequestStream(connection, new Http3RequestStreamInitializer() {
                    @Override
                    protected void initRequestStream(QuicStreamChannel stream) {
                        stream.pipeline().addLast(new Receiver(response));
                    }
                })
                .addListener((io.netty.util.concurrent.Future<QuicStreamChannel> opened) -> {
                    if (opened.isSuccess()) {
                        request.accept(opened.getNow());
                    } else {
                        response.completeExceptionally(opened.cause());
                    }
                });
        return response;
    }

    @Override
    public void close() {
        socket.close().syncUninterruptibly();
    }

    private static final class Receiver extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<String> done;
        private final StringBuilder text = new StringBuilder();

        Receiver(CompletableFuture<String> done) {
            this.done = done;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            if (msg instanceof Http3HeadersFrame frame && frame.headers().status() != null) {
                text.append(frame.headers().status()).append(' ');
            } else if (msg instanceof Http3HeadersFrame frame) {
                frame.headers()
                        .forEach(field -> text.append(' ')
                                .append(field.getKey())
                                .append('=')
                                .append(field.getValue()));
            } else if (msg instanceof Http3DataFrame frame) {
                text.append(frame.content().toString(StandardCharsets.US_ASCII));
            }
            ReferenceCountUtil.release(msg);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                done.complete(text.toString().strip());
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            done.completeExceptionally(new IOException("the stream was closed behind '" + text + "'"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            done.completeExceptionally(cause);
        }
    }
}
