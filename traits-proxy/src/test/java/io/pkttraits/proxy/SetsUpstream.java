// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.util.ReferenceCountUtil;
import io.pkttraits.Traits;
import io.pkttraits.codec.TraitFieldCodec;
import io.pkttraits.proxy.config.UpstreamProtocol;
import io.pkttraits.proxy.hop.HopSend;
import io.pkttraits.proxy.hop.TestHops;
import io.pkttraits.proxy.net.IoTransport;
import io.pkttraits.transport.SynTraits;
import io.pkttraits.transport.SynTraitsHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntFunction;

/**
 * Checks that each request came on a connection with its own traits: its path is the number of a set, which the SYN of the connection and the
 * field of the request have to carry. Answers with that number in a field, and no content. Has one event loop, on epoll, since that tells the states of TCP.
 */
final class SetsUpstream implements AutoCloseable {
    private static final String NUMBER = "number";

    private static final int TCP_ESTABLISHED = 1;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, IoTransport.EPOLL.ioHandlers());
    private final Channel listener;
    private final UpstreamProtocol protocol;
    private final IntFunction<Traits> sets;
    private final int bound;
    private final AtomicIntegerArray requests;
    private final AtomicInteger connections = new AtomicInteger();
    private final List<String> wrong = new CopyOnWriteArrayList<>();
    /** On the event loop. */
    private final Set<EpollSocketChannel> open = new HashSet<>();

    /**
     * @param sets the set of each number
     * @param count numbers, from 0
     * @param bound connections that there may be at a time
     */
    SetsUpstream(UpstreamProtocol protocol, IntFunction<Traits> sets, int count, int bound)
            throws InterruptedException {
        this.protocol = protocol;
        this.sets = sets;
        this.bound = bound;
        requests = new AtomicIntegerArray(count);
        listener = new ServerBootstrap()
                .group(group)
                .channel(IoTransport.EPOLL.serverChannel())
                .handler(new SynTraitsHandler())
                .childHandler(new ChannelInitializer<EpollSocketChannel>() {
                    @Override
                    protected void initChannel(EpollSocketChannel ch) throws IOException {
                        onAccepted(ch);
                        ChannelPipeline pipeline = ch.pipeline();
                        if (protocol == UpstreamProtocol.H1) {
                            pipeline.addLast(new HttpServerCodec()).addLast(new Http1Answer());
                        } else {
                            pipeline.addLast(Http2FrameCodecBuilder.forServer().build())
                                    .addLast(new Http2MultiplexHandler(streams()));
                        }
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
    }

    private ChannelHandler streams() {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel stream) {
                stream.pipeline().addLast(new Http2Answer());
            }
        };
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** One in front of this, which takes the sets from the field of its clients' requests. */
    TestProxy.Builder proxy(IoTransport transport) {
        TestHops hops = new TestHops();
        hops.fieldFrom = TestHops.LOOPBACK;
        hops.field = HopSend.BOTH;
        TestProxy.Builder builder = new TestProxy.Builder(transport, address(), hops.config());
        builder.upstreamProtocol = protocol;
        return builder;
    }

    /** Asks that proxy for a number, with its set; returns the answer. */
    String ask(HttpWire wire, int number) throws IOException {
        String field = "Packet-Traits: " + TraitFieldCodec.encode(sets.apply(number));
        return wire.sendHead("GET /" + number + " HTTP/1.1", "Host: a", field).readMessage();
    }

    /** Whether it is the one that a number has. */
    static boolean isAnswer(String answer, int number) {
        return answer.startsWith("HTTP/1.1 200") && answer.contains("\n" + NUMBER + ": " + number + "\n");
    }

    /** All that were accepted so far. */
    int connections() {
        return connections.get();
    }

    /** How often a number was asked for. */
    int requests(int number) {
        return requests.get(number);
    }

    /** What was not as it has to be. */
    List<String> wrong() {
        return wrong;
    }

    /** Connections that are open now. */
    int open() {
        return group.submit(open::size).syncUninterruptibly().getNow();
    }

    @Override
    public void close() {
        listener.close().syncUninterruptibly();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private void onAccepted(EpollSocketChannel accepted) throws IOException {
        connections.incrementAndGet();
        open.add(accepted);
        accepted.closeFuture().addListener(closed -> open.remove(accepted));
        // The end of one that was closed for this one may be on its way still, between the kernel's queues.
        long start = System.nanoTime();
        while (established() > bound) {
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                wrong.add(established() + " connections at a time");
                return;
            }
        }
    }

    /** Those that the proxy has not closed, be that read here already or not. */
    private int established() throws IOException {
        int count = 0;
        for (EpollSocketChannel channel : new ArrayList<>(open)) {
            if (channel.isOpen() && channel.tcpInfo().state() == TCP_ESTABLISHED) {
                count++;
            }
        }
        return count;
    }

    /** Says what is wrong with a request, if anything is. */
    private void check(Channel connection, String number, CharSequence field) {
        Traits set = sets.apply(Integer.parseInt(number));
        requests.incrementAndGet(Integer.parseInt(number));
        Traits bySyn = SynTraits.of(connection);
        if (!set.equals(bySyn) || !TraitFieldCodec.encode(set).contentEquals(String.valueOf(field))) {
            wrong.add("a request of " + set + " with " + field + " on a connection of " + bySyn);
        }
    }

    private abstract class Answer extends ChannelInboundHandlerAdapter {
        @Override
        public final void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            wrong.add(cause.toString());
            ctx.close();
        }
    }

    private final class Http1Answer extends Answer {
        private String number;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            if (msg instanceof HttpRequest request) {
                number = request.uri().substring(1);
                check(ctx.channel(), number, request.headers().get(TraitFieldCodec.NAME));
            }
            if (msg instanceof LastHttpContent) {
                FullHttpResponse response =
                        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.EMPTY_BUFFER);
                response.headers().set(NUMBER, number).setInt("content-length", 0);
                ctx.writeAndFlush(response);
            }
            ReferenceCountUtil.release(msg);
        }
    }

    private final class Http2Answer extends Answer {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            if (msg instanceof Http2HeadersFrame head) {
                String number = head.headers().path().toString().substring(1);
                check(ctx.channel().parent(), number, head.headers().get(TraitFieldCodec.NAME));
                Http2Headers answer = new DefaultHttp2Headers().status("200");
                ctx.writeAndFlush(new DefaultHttp2HeadersFrame(answer.set(NUMBER, number), true));
            }
            ReferenceCountUtil.release(msg);
        }
    }
}
