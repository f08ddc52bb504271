// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.http;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;

/**
 * Tells clients that came by TLS that HTTP/3 is served too (RFC 7838). Others would not know who answers there. An upstream's own
 * {@code Alt-Svc} is replaced, since it names ports of another host.
 */
@Sharable
final class AltSvcHandler extends ChannelOutboundHandlerAdapter {
    private static final String ALT_SVC = "alt-svc";

    private final String value;

    AltSvcHandler(int port) {
        value = "h3=\":" + port + "\"; ma=3600";
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        if (msg instanceof HttpResponse response && response.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
            response.headers().set(ALT_SVC, value);
        }
        ctx.write(msg, promise);
    }
}
