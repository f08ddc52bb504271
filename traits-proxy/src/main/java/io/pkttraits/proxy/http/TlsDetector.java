// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.http;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.OptionalSslHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells TLS, and by ALPN the version of HTTP in it, from plain HTTP. A client that knows no ALPN speaks HTTP/1. */
final class TlsDetector extends OptionalSslHandler {
    private static final Logger LOG = LoggerFactory.getLogger(TlsDetector.class);

    private final ClientPipeline pipelines;

    TlsDetector(SslContext tls, ClientPipeline pipelines) {
        super(tls);
        this.pipelines = pipelines;
    }

    @Override
    protected SslHandler newSslHandler(ChannelHandlerContext context, SslContext tls) {
        context.pipeline().addAfter(context.name(), null, new Negotiation(pipelines));
        return super.newSslHandler(context, tls);
    }

    @Override
    protected ChannelHandler newNonSslHandler(ChannelHandlerContext context) {
        return new PrefaceDetector(pipelines);
    }

    private static final class Negotiation extends ApplicationProtocolNegotiationHandler {
        private final ClientPipeline pipelines;

        Negotiation(ClientPipeline pipelines) {
            super(ApplicationProtocolNames.HTTP_1_1);
            this.pipelines = pipelines;
        }

        @Override
        protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
            if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                pipelines.http2(ctx.pipeline());
            } else {
                pipelines.http1(ctx.pipeline());
            }
        }

        /** Anybody can cause it, so it is not worth a warning. */
        @Override
        protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
            LOG.debug("{}: TLS handshake failed", ctx.channel().remoteAddress(), cause);
            ctx.close();
        }
    }
}
