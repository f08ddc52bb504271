// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.pkttraits.proxy.hop.ProxyHeaderReader;
import java.net.InetSocketAddress;

/**
 * Sets a client's connection up for what it turns out to speak. One port serves all: TLS is told by its first record, HTTP/2
 * by its preface (RFC 9113 section 3.3) or ALPN, and everything else is HTTP/1. {@code Upgrade: h2c} is not taken up, as RFC 9113
 * gave it up: such a request is served in HTTP/1.1.
 */
public final class ClientPipeline {
    /** Requests that one read may hold; the socket's receive buffer is the real bound. */
    private static final int MAX_PIPELINED = 64 * 1024;

    private final ConnectionContext context;
    private final AltSvcHandler altSvc;

    /**
     * Makes the pipelines of a proxy.
     *
     * @param http3 where HTTP/3 is served; {@code null} if it is not
     */
    public ClientPipeline(ConnectionContext context, InetSocketAddress http3) {
        this.context = context;
        altSvc = http3 == null ? null : new AltSvcHandler(http3.getPort());
    }

    /** For a connection that has said nothing yet. */
    public void init(Channel channel) {
        ProxyHeaderReader.addIfExpected(
                (SocketChannel) channel, context.config().hops());
        SslContext tls = context.config().tls();
        ChannelHandler detector = tls == null ? new PrefaceDetector(this) : new TlsDetector(tls, this);
        channel.pipeline()
                .addLast(detector)
                .addLast(new UndecidedConnection(context.config().limits().idleTimeout(), context.clients()));
    }

    void http1(ChannelPipeline pipeline) {
        pipeline.remove(UndecidedConnection.class);
        pipeline.addLast(new HttpServerCodec(context.config().limits().decoderConfig(), MAX_PIPELINED));
        addAltSvc(pipeline.channel(), pipeline);
        pipeline.addLast(new FlowControlHandler()).addLast(new Http1Connection(context));
    }

    void http2(ChannelPipeline pipeline) {
        pipeline.remove(UndecidedConnection.class);
        Channel connection = pipeline.channel();
        Http2Connection.addTo(pipeline, context, stream -> addAltSvc(connection, stream));
    }

    private void addAltSvc(Channel connection, ChannelPipeline messages) {
        if (altSvc != null && connection.pipeline().get(SslHandler.class) != null) {
            messages.addLast(altSvc);
        }
    }
}
