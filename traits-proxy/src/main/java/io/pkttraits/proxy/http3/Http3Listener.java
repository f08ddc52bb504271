// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.http3;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslContext;
import io.pkttraits.proxy.config.ProxyConfig;
import io.pkttraits.proxy.http.ConnectionContext;
import io.pkttraits.proxy.net.ListenAddresses;
import io.pkttraits.transport.quic.QuicTraitsHandler;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The UDP sockets that HTTP/3 is served on, one for each address. They are on one event loop, so that a connection is found
 * wherever its client migrates to: sockets that share a port ({@code SO_REUSEPORT}) would be chosen by the client's address.
 */
public final class Http3Listener {
    /** Datagrams of one system call. */
    private static final int BATCH = 64;
    /** Bytes that each may have; the codec tells clients to send no larger ones. */
    private static final int MAX_DATAGRAM = 2048;
    /** Bytes for the datagrams of all connections, as far as {@code net.core.rmem_max} allows. */
    private static final int RECEIVE_BUFFER = 4 * 1024 * 1024;
    /** Bytes of each request that may wait in the proxy; no stream that is not read from blocks the others. */
    private static final int STREAM_WINDOW = 64 * 1024;

    private final ConnectionContext context;
    private final List<Channel> sockets = new ArrayList<>();
    private final AddressValidation validation = new AddressValidation(System::nanoTime);

    /**
     * Makes a listener that is not bound yet.
     *
     * @param context its clients are to be ended before {@link #close}
     */
    public Http3Listener(ConnectionContext context) {
        this.context = context;
    }

    /** Receives when this returns; throws what kept it from that. */
    public void bind(EventLoop loop, InetSocketAddress listen, QuicSslContext tls) throws IOException {
        if (!Quic.isAvailable()) {
            throw new IOException(
                    "QUIC is not available: " + Quic.unavailabilityCause().getMessage());
        }
        for (InetSocketAddress address : ListenAddresses.of(listen)) {
            ChannelFuture bound = bootstrap(loop, address, tls).bind(address).awaitUninterruptibly();
            if (!bound.isSuccess()) {
                throw new IOException(bound.cause().getMessage(), bound.cause());
            }
            sockets.add(bound.channel());
        }
    }

    /** Where it listens: what was asked for, with the port that it got. */
    public InetSocketAddress address() {
        InetSocketAddress bound = (InetSocketAddress) sockets.get(0).localAddress();
        return new InetSocketAddress(context.config().listenH3().getAddress(), bound.getPort());
    }

    /** Ends the listening. Blocks; not to be called on an event loop. */
    public void close() {
        sockets.forEach(socket -> socket.close().awaitUninterruptibly());
    }

    private Bootstrap bootstrap(EventLoop loop, InetSocketAddress address, QuicSslContext tls) {
        ProxyConfig config = context.config();
        SocketProtocolFamily family =
                address.getAddress() instanceof Inet4Address ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
        return new Bootstrap()
                .group(loop)
                .channelFactory(() -> config.transport().datagramChannel().apply(family))
                // By its name, which is how Netty finds options, it is that of io_uring too.
                .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, MAX_DATAGRAM)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(BATCH * MAX_DATAGRAM))
                .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel socket) {
                        socket.pipeline().addLast(new QuicTraitsHandler(), codec(tls));
                    }
                });
    }

    private ChannelHandler codec(QuicSslContext tls) {
        ProxyConfig.Limits limits = context.config().limits();
        return Http3.newQuicServerCodecBuilder()
                .sslContext(tls)
                // A client that waits for an upstream may be silent for as long as the upstream; what is unused ends
                // before.
                .maxIdleTimeout(
                        limits.idleTimeout().plus(limits.responseTimeout()).toMillis(), TimeUnit.MILLISECONDS)
                .maxRecvUdpPayloadSize(MAX_DATAGRAM)
                .initialMaxData((long) Http3Connection.MAX_CONCURRENT_STREAMS * STREAM_WINDOW)
                .initialMaxStreamDataBidirectionalRemote(STREAM_WINDOW)
                .initialMaxStreamsBidirectional(Http3Connection.MAX_CONCURRENT_STREAMS)
                .activeMigration(true)
                .tokenHandler(validation)
                .handler(new ChannelInitializer<QuicChannel>() {
                    @Override
                    protected void initChannel(QuicChannel connection) {
                        validation.onHandshake(connection);
                        context.clients().add(connection);
                        connection.pipeline().addLast(new HandshakeWatch());
                        Http3Connection.addTo(connection.pipeline(), context);
                    }
                })
                .build();
    }

    private final class HandshakeWatch extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            validation.onHandshakeDone(ctx.channel());
            ctx.fireChannelActive();
        }
    }
}
