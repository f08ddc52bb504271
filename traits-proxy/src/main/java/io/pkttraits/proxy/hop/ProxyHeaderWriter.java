// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.hop;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.haproxy.HAProxyMessageEncoder;
import io.pkttraits.transport.pool.UpstreamKey;

/** Puts a connection's {@link ProxyHeader} before its first bytes, whatever protocol they are of. */
public final class ProxyHeaderWriter extends ChannelOutboundHandlerAdapter {
    private final ProxyHeader header;

    private ProxyHeaderWriter(ProxyHeader header) {
        this.header = header;
    }

    /** Adds it first to the pipeline of a connection to the upstream, if that was opened to begin with a header. */
    public static void addIfDue(Channel upstream) {
        UpstreamKey key = UpstreamKey.of(upstream);
        if (key != null && key.affinity() instanceof ProxyHeader header) {
            upstream.pipeline().addFirst(HAProxyMessageEncoder.INSTANCE, new ProxyHeaderWriter(header));
        }
    }

    /** Without the header nothing may be sent. */
    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        ctx.write(header.toMessage()).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        ctx.pipeline().remove(HAProxyMessageEncoder.class);
        ctx.write(msg, promise);
        ctx.pipeline().remove(this);
    }
}
