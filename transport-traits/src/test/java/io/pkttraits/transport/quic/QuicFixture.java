// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.quic;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.DatagramChannel;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicChannelBootstrap;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicCodecBuilder;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.netty.util.concurrent.Future;
import io.pkttraits.Traits;
import io.pkttraits.transport.TraitsException;
import io.pkttraits.transport.datagram.DatagramFamily;
import io.pkttraits.transport.datagram.DatagramTransport;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** QUIC servers and client sockets with traits on loopback, closed with it. */
final class QuicFixture implements AutoCloseable {
    private static final int DATAGRAM_ROOM = 2048;
    /** More than the kernel gives, so all that it gives. */
    private static final int RECEIVE_BUFFER = 1 << 20;

    private static final String PROTOCOL = "traits-test";
    private static final QuicSslContext SERVER_TLS = serverTls();
    private static final QuicSslContext CLIENT_TLS = QuicSslContextBuilder.forClient()
            .trustManager(InsecureTrustManagerFactory.INSTANCE)
            .applicationProtocols(PROTOCOL)
            .build();

    final DatagramTransport transport;
    final DatagramFamily family;
    /** The server's connections in the order of their opening. */
    final BlockingQueue<QuicChannel> accepted = new LinkedBlockingQueue<>();

    private final List<Channel> channels = new ArrayList<>();

    QuicFixture(DatagramTransport transport, DatagramFamily family) {
        this.transport = transport;
        this.family = family;
    }

    private static QuicSslContext serverTls() {
        try {
            X509Bundle certificate = new CertificateBuilder()
                    .ecp256()
                    .subject("CN=localhost")
                    .setIsCertificateAuthority(true)
                    .buildSelfSigned();
            return QuicSslContextBuilder.forServer(
                            certificate.getKeyPair().getPrivate(), null, certificate.getCertificatePath())
                    .applicationProtocols(PROTOCOL)
                    .build();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static <B extends QuicCodecBuilder<B>> B common(B builder) {
        return builder.maxIdleTimeout(60, TimeUnit.SECONDS)
                .initialMaxData(1 << 24)
                .initialMaxStreamDataBidirectionalLocal(1 << 20)
                .initialMaxStreamDataBidirectionalRemote(1 << 20)
                .initialMaxStreamsBidirectional(1 << 20)
                .activeMigration(true)
                .activeConnectionIdLimit(8);
    }

    static QuicServerCodecBuilder serverCodec() {
        return common(new QuicServerCodecBuilder())
                .sslContext(SERVER_TLS)
                .tokenHandler(null)
                .streamHandler(new QuicReport());
    }

    static QuicClientCodecBuilder clientCodec() {
        return common(new QuicClientCodecBuilder()).sslContext(CLIENT_TLS);
    }

    /** A server that sends by each connection what {@link #answering} makes of its opening traits. */
    DatagramChannel server() throws InterruptedException {
        return server(codec -> {});
    }

    DatagramChannel server(Consumer<QuicServerCodecBuilder> options) throws InterruptedException {
        return server(options, new ChannelInboundHandlerAdapter());
    }

    /** With a handler between socket and {@link QuicTraitsHandler}. */
    DatagramChannel server(Consumer<QuicServerCodecBuilder> options, ChannelHandler probe) throws InterruptedException {
        QuicServerCodecBuilder builder = serverCodec().handler(new QuicInitializer(channel -> {
            setOutgoing(channel, answering(QuicTraits.opening(channel)));
            accepted.add(channel);
        }));
        options.accept(builder);
        return bind(probe, new QuicTraitsHandler(), builder.build());
    }

    DatagramChannel clientSocket() throws InterruptedException {
        return bind(new QuicTraitsHandler(), clientCodec().build());
    }

    /** A socket that reads many datagrams by one system call. */
    DatagramChannel bind(ChannelHandler... handlers) throws InterruptedException {
        return bind(transport, handlers);
    }

    DatagramChannel bind(DatagramTransport transportOfIt, ChannelHandler... handlers) throws InterruptedException {
        DatagramChannel channel = (DatagramChannel) transportOfIt
                .bootstrap(family.sockets, new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel opened) {
                        opened.pipeline().addLast(handlers);
                    }
                })
                .option(transportOfIt.maxDatagramPayloadSize(), DATAGRAM_ROOM)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(64 * DATAGRAM_ROOM))
                .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER)
                .bind(new InetSocketAddress(family.loopback(), 0))
                .sync()
                .channel();
        channels.add(channel);
        return channel;
    }

    static void setOutgoing(QuicChannel channel, Traits traits) {
        try {
            QuicTraits.setOutgoing(channel, traits);
        } catch (TraitsException e) {
            throw new AssertionError(e);
        }
    }

    /** What the server sends to a client of such traits. */
    static Traits answering(Traits opening) {
        return opening.withInt(63, 63);
    }

    static Future<QuicChannel> connecting(
            DatagramChannel socket, DatagramChannel server, Traits traits, Consumer<QuicChannelBootstrap> options) {
        QuicChannelBootstrap bootstrap = QuicChannel.newBootstrap(socket)
                .handler(new QuicInitializer(channel -> setOutgoing(channel, traits)))
                .streamHandler(new ChannelInboundHandlerAdapter())
                // Netty keeps a channel for its connect timeout, though it be closed.
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                .remoteAddress(server.localAddress());
        options.accept(bootstrap);
        return bootstrap.connect();
    }

    static QuicChannel connect(DatagramChannel socket, DatagramChannel server, Traits traits)
            throws InterruptedException {
        return connecting(socket, server, traits, bootstrap -> {}).sync().getNow();
    }

    QuicChannel nextAccepted() throws InterruptedException {
        QuicChannel channel = accepted.poll(20, TimeUnit.SECONDS);
        if (channel == null) {
            throw new AssertionError("no connection came");
        }
        return channel;
    }

    @Override
    public void close() {
        channels.forEach(channel -> channel.close().syncUninterruptibly());
    }
}
