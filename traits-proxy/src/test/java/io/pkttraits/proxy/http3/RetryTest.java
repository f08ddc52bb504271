// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.http3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.quic.QuicTokenHandler;
import io.pkttraits.Traits;
import io.pkttraits.proxy.EachTransport;
import io.pkttraits.proxy.net.IoTransport;
import io.pkttraits.proxy.net.ServerTls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;

/** A client that is asked for a token by a Retry comes again with it, and is let in. */
@Timeout(60)
class RetryTest {
    @EachTransport
    void clientConnectsWithTheTokenThatItGot(IoTransport transport) throws Exception {
        AddressValidation validation = new AddressValidation(System::nanoTime);
        for (int i = 0; i < AddressValidation.UNVALIDATED_HANDSHAKES; i++) {
            validation.onHandshake(new EmbeddedChannel());
        }
        CountingHandler counts = new CountingHandler(validation);
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.ioHandlers());
        Channel server = new Bootstrap()
                .group(group)
                .channelFactory(() -> transport.datagramChannel().apply(SocketProtocolFamily.INET))
                .handler(Http3.newQuicServerCodecBuilder()
                        .sslContext(ServerTls.selfSigned().quic())
                        .maxIdleTimeout(10, TimeUnit.SECONDS)
                        .initialMaxData(1 << 20)
                        .tokenHandler(counts)
                        .handler(new ChannelInboundHandlerAdapter() {
                            @Override
                            public boolean isSharable() {
                                return true;
                            }
                        })
                        .streamHandler(new ChannelInboundHandlerAdapter() {
                            @Override
                            public boolean isSharable() {
                                return true;
                            }
                        })
                        .build())
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
        try (Http3TraitsClient client =
                new Http3TraitsClient(group, transport, (InetSocketAddress) server.localAddress())) {
            assertTrue(client.connect(Traits.EMPTY).isActive());
            assertEquals(1, counts.written.get());
            assertEquals(1, counts.valid.get());
        } finally {
            server.close().sync();
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    private static final class CountingHandler implements QuicTokenHandler {
        private final QuicTokenHandler handler;
        private final AtomicInteger written = new AtomicInteger();
        private final AtomicInteger valid = new AtomicInteger();

        CountingHandler(QuicTokenHandler handler) {
            this.handler = handler;
        }

        @Override
        public boolean writeToken(ByteBuf out, ByteBuf dcid, InetSocketAddress address) {
            boolean wrote = handler.writeToken(out, dcid, address);
            written.addAndGet(wrote ? 1 : 0);
            return wrote;
        }

        @Override
        public int validateToken(ByteBuf token, InetSocketAddress address) {
            int offset = handler.validateToken(token, address);
            valid.addAndGet(offset > 0 ? 1 : 0);
            return offset;
        }

        @Override
        public int maxTokenLength() {
            return handler.maxTokenLength();
        }
    }
}
