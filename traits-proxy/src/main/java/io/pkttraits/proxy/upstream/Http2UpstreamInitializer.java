// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.pool.ChannelPoolHandler;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.pkttraits.proxy.config.ProxyConfig;
import io.pkttraits.proxy.hop.ProxyHeaderWriter;

/** Sets up connections to an upstream that speaks HTTP/2. */
final class Http2UpstreamInitializer implements ChannelPoolHandler {
    private final ProxyConfig.Limits limits;

    Http2UpstreamInitializer(ProxyConfig.Limits limits) {
        this.limits = limits;
    }

    @Override
    public void channelCreated(Channel ch) {
        // What a stream does not take stays within its window, and a failed write ends the connection.
        ch.config().setAutoRead(true).setAutoClose(true);
        Http2Settings settings = Http2Settings.defaultSettings()
                .pushEnabled(false)
                .maxHeaderListSize((long) limits.maxInitialLine() + limits.maxHeaderSize());
        Http2FrameCodec codec =
                Http2FrameCodecBuilder.forClient().initialSettings(settings).build();
        ch.pipeline()
                .addLast(codec)
                .addLast(new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()))
                .addLast(new Http2UpstreamConnection(codec.connection()));
        ProxyHeaderWriter.addIfDue(ch);
    }

    @Override
    public void channelAcquired(Channel ch) {}

    @Override
    public void channelReleased(Channel ch) {}
}
