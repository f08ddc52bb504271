// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;

/**
 * Ends a connection whose peer may still be sending. A plain close would answer that with a reset, which destroys the response
 * that the peer has not read yet. So only our direction is shut down, and whatever arrives is dropped until the peer has closed too,
 * for {@value #SECONDS} seconds at most (RFC 9112 section 9.6).
 */
public final class LingeringClose implements ChannelFutureListener {
    private static final int SECONDS = 2;

    @Override
    public void operationComplete(ChannelFuture written) {
        Channel channel = written.channel();
        if (!written.isSuccess() || !(channel instanceof DuplexChannel duplex)) {
            channel.close();
            return;
        }
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            duplex.shutdownOutput();
        } else {
            tls.closeOutbound().addListener(closeNotify -> duplex.shutdownOutput());
        }
        channel.eventLoop().schedule(() -> channel.close(), SECONDS, TimeUnit.SECONDS);
    }
}
