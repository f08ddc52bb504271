// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.pkttraits.proxy.net.ClientNetwork;
import io.pkttraits.transport.pool.UpstreamKey;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A stream of a connection that other exchanges with the same traits use as well. */
final class Http2Lease implements UpstreamLease {
    /** How long the upstream may leave a part of a request unread that it has answered already. */
    private static final int UNSENT_SECONDS = 2;

    private final Http2Upstreams upstreams;
    private final UpstreamKey key;
    private final ClientNetwork client;
    private StreamWaiter waiter;
    private Http2StreamChannel stream;
    private Http2StreamHandler handler;
    private boolean replaced;

    Http2Lease(Http2Upstreams upstreams, UpstreamKey key, ClientNetwork client) {
        this.upstreams = upstreams;
        this.key = key;
        this.client = client;
    }

    @Override
    public void acquire(Consumer<Channel> onSuccess, Consumer<Throwable> onFailure) {
        waiter = upstreams.open(
                key,
                client,
                opened -> {
                    stream = (Http2StreamChannel) opened;
                    handler = opened.pipeline().get(Http2StreamHandler.class);
                    onSuccess.accept(opened);
                },
                onFailure);
    }

    @Override
    public boolean isHeld() {
        return stream != null;
    }

    @Override
    public Channel channel() {
        return stream;
    }

    @Override
    public void begin(ResponseListener listener, boolean isHead) {
        handler.begin(listener);
    }

    @Override
    public boolean isStale() {
        return !replaced && isHeld() && handler.isStale(stream);
    }

    @Override
    public void replace(Consumer<Channel> onSuccess, Consumer<Throwable> onFailure) {
        replaced = true;
        discard();
        acquire(onSuccess, onFailure);
    }

    /** A stream ends by itself when both of its sides have, which is noticed by reading. */
    @Override
    public void release() {
        if (isHeld()) {
            boolean sent = handler.isRequestSent();
            Channel taken = take();
            taken.config().setAutoRead(true);
            if (!sent) {
                taken.eventLoop().schedule(() -> reset(taken), UNSENT_SECONDS, TimeUnit.SECONDS);
            }
        }
    }

    @Override
    public void discard() {
        if (waiter != null) {
            waiter.giveUp();
            waiter = null;
        }
        if (isHeld()) {
            reset(take());
        }
    }

    private static void reset(Channel stream) {
        if (stream.isOpen()) {
            stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL))
                    .addListener(ChannelFutureListener.CLOSE);
        }
    }

    private Channel take() {
        Channel taken = stream;
        handler.end();
        stream = null;
        handler = null;
        return taken;
    }
}
