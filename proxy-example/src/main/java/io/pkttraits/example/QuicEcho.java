// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.example;

import static io.netty.util.NetUtil.toSocketAddressString;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.quic.InsecureQuicTokenHandler;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.pkttraits.Traits;
import io.pkttraits.transport.PacketTraits;
import io.pkttraits.transport.datagram.DatagramTraits;
import io.pkttraits.transport.datagram.EpollTraitsDatagramChannel;
import io.pkttraits.transport.quic.QuicConnectionTraitsHandler;
import io.pkttraits.transport.quic.QuicTraitsHandler;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * A QUIC server that prints the traits of each connection and sends back what it reads on each stream. All connections share one
 * UDP socket. {@link QuicClient} is a client for it. The certificate is self-signed, made at start and trusted by nobody.
 */
public final class QuicEcho {
    /** A trait key. Its value is a number of 4 bytes in host byte order. */
    private static final int CUSTOMER_ID = 4;
    /** Another trait key. Its value is a number of 2 bytes in host byte order. */
    private static final int PRIORITY = 5;

    private static final String PROTOCOL = "echo";
    private static final int WINDOW = 64 * 1024;
    private static final int MAX_STREAMS = 100;

    private QuicEcho() {}

    public static void main(String[] args) throws Exception {
        if (args.length != 1) {
            System.err.println("usage: QuicEcho LISTEN_HOST:PORT");
            System.exit(2);
        }
        QuicSslContext tls = selfSigned();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        Channel socket = new Bootstrap()
                .group(group)
                .channel(EpollTraitsDatagramChannel.class) // instead of EpollDatagramChannel
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new QuicTraitsHandler(), codec(tls));
                    }
                })
                .bind(address(args[0]))
                .sync()
                .channel();
        System.out.println("listening on " + toSocketAddressString((InetSocketAddress) socket.localAddress())
                + ", carrier " + DatagramTraits.carrier());
    }

    private static ChannelHandler codec(QuicSslContext tls) {
        // tag::quic[]
        return new QuicServerCodecBuilder()
                .sslContext(tls)
                .handler(new ChannelInitializer<QuicChannel>() {
                    @Override
                    protected void initChannel(QuicChannel connection) {
                        connection.pipeline().addLast(new QuicConnectionTraitsHandler());
                        Traits traits = PacketTraits.of(connection); // of the datagram that opened the connection
                        print(connection, traits);
                    }
                })
                .streamHandler(new ChannelInitializer<QuicStreamChannel>() {
                    @Override
                    protected void initChannel(QuicStreamChannel stream) {
                        stream.pipeline().addLast(new EchoHandler()); // PacketTraits.of(stream) returns the same
                    }
                })
                // end::quic[]
                .tokenHandler(InsecureQuicTokenHandler.INSTANCE) // an example; servers on the internet need their own
                .maxIdleTimeout(20, TimeUnit.SECONDS)
                .initialMaxData(MAX_STREAMS * WINDOW)
                .initialMaxStreamDataBidirectionalRemote(WINDOW)
                .initialMaxStreamsBidirectional(MAX_STREAMS)
                .build();
    }

    private static void print(QuicChannel connection, Traits traits) {
        System.out.println(toSocketAddressString((InetSocketAddress) connection.remoteSocketAddress()) + " customer_id="
                + traits.getInt(CUSTOMER_ID, -1) + " priority=" + traits.getInt(PRIORITY, -1));
    }

    private static final class EchoHandler extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ctx.writeAndFlush(msg);
        }

        /** Stops reading from a client that does not read its echo. */
        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            ctx.channel().config().setAutoRead(ctx.channel().isWritable());
        }

        /** Ends the stream behind the echo of the client's last byte. */
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownReadComplete.INSTANCE) {
                ((QuicStreamChannel) ctx.channel()).shutdownOutput();
            }
        }
    }

    private static QuicSslContext selfSigned() throws Exception {
        X509Bundle certificate = new CertificateBuilder()
                .subject("CN=localhost")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        return QuicSslContextBuilder.forServer(
                        certificate.getKeyPair().getPrivate(), null, certificate.getCertificatePath())
                .applicationProtocols(PROTOCOL)
                .build();
    }

    private static InetSocketAddress address(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        return new InetSocketAddress(
                hostAndPort.substring(0, colon), Integer.parseInt(hostAndPort.substring(colon + 1)));
    }
}
