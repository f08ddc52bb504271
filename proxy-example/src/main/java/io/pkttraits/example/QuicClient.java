// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.example;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.pkttraits.Traits;
import io.pkttraits.transport.TraitsException;
import io.pkttraits.transport.datagram.DatagramTraits;
import io.pkttraits.transport.datagram.EpollTraitsDatagramChannel;
import io.pkttraits.transport.quic.QuicConnectionTraitsHandler;
import io.pkttraits.transport.quic.QuicTraits;
import io.pkttraits.transport.quic.QuicTraitsHandler;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A QUIC client that opens one connection for each customer, all from one UDP socket. Each connection has its own traits. Then the
 * client sends one line over a stream of each connection and prints the line that comes back.
 */
public final class QuicClient {
    /** A trait key. Its value is a number of 4 bytes in host byte order. */
    private static final int CUSTOMER_ID = 4;
    /** Another trait key. Its value is a number of 2 bytes in host byte order. */
    private static final int PRIORITY = 5;

    private static final int WINDOW = 64 * 1024;

    private QuicClient() {}

    public static void main(String[] args) throws InterruptedException {
        if (args.length < 2) {
            System.err.println("usage: QuicClient SERVER_HOST:PORT CUSTOMER_ID...");
            System.exit(2);
        }
        DatagramTraits.ensureAvailability(); // throws, and says what is missing, if traits cannot be sent
        InetSocketAddress server = address(args[0]);
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try {
            Channel socket = bind(group);
            List<QuicChannel> connections = new ArrayList<>();
            for (int i = 1; i < args.length; i++) {
                Traits traits = Traits.EMPTY
                        .withInt(CUSTOMER_ID, Integer.parseInt(args[i]))
                        .withShort(PRIORITY, (short) i);
                connections.add(connect(socket, server, traits));
            }
            for (int i = 0; i < connections.size(); i++) {
                sayHello(connections.get(i), args[i + 1]);
            }
            for (QuicChannel connection : connections) {
                connection.closeFuture().sync();
            }
            socket.close().sync();
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private static Channel bind(EventLoopGroup group) throws InterruptedException {
        QuicSslContext tls = QuicSslContextBuilder.forClient()
                .trustManager(InsecureTrustManagerFactory.INSTANCE) // the server's certificate is self-signed
                .applicationProtocols("echo")
                .build();
        return new Bootstrap()
                .group(group)
                .channel(EpollTraitsDatagramChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new QuicTraitsHandler())
                                .addLast(new QuicClientCodecBuilder()
                                        .sslContext(tls)
                                        .initialMaxData(WINDOW)
                                        .initialMaxStreamDataBidirectionalLocal(WINDOW)
                                        .build());
                    }
                })
                .bind(0)
                .sync()
                .channel();
    }

    private static QuicChannel connect(Channel socket, InetSocketAddress server, Traits traits)
            throws InterruptedException {
        // tag::send[]
        return QuicChannel.newBootstrap(socket)
                .handler(new ChannelInitializer<QuicChannel>() {
                    @Override
                    protected void initChannel(QuicChannel connection) throws TraitsException {
                        connection.pipeline().addLast(new QuicConnectionTraitsHandler());
                        QuicTraits.setOutgoing(connection, traits); // for all packets, the first one included
                    }
                })
                .remoteAddress(server)
                .connect()
                .sync()
                .getNow();
        // end::send[]
    }

    private static void sayHello(QuicChannel connection, String customer) throws InterruptedException {
        QuicStreamChannel stream = connection
                .createStream(QuicStreamType.BIDIRECTIONAL, new PrintHandler(customer))
                .sync()
                .getNow();
        stream.pipeline().addFirst(new LineBasedFrameDecoder(1024));
        stream.writeAndFlush(ByteBufUtil.writeUtf8(stream.alloc(), "hello from customer " + customer + "\n"));
    }

    /** Prints the line that comes back, then closes the connection. */
    private static final class PrintHandler extends SimpleChannelInboundHandler<ByteBuf> {
        private final String customer;

        PrintHandler(String customer) {
            this.customer = customer;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf line) {
            System.out.println("customer_id=" + customer + " received: " + line.toString(StandardCharsets.UTF_8));
            ctx.channel().parent().close();
        }
    }

    private static InetSocketAddress address(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        return new InetSocketAddress(
                hostAndPort.substring(0, colon), Integer.parseInt(hostAndPort.substring(colon + 1)));
    }
}
