// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.pkttraits.transport.internal.carrier.SockOptBuffer;
import io.pkttraits.transport.internal.carrier.TraitsSocket;
import io.pkttraits.transport.internal.sys.SocketOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;

/** Puts any bytes into the IP options of a SYN: what a broken or hostile sender does. */
final class RawIpOptions extends ChannelOutboundHandlerAdapter {
    private final SocketOption option;
    private final byte[] bytes;

    RawIpOptions(SocketOption option, byte[] bytes) {
        this.option = option;
        this.bytes = bytes;
    }

    @Override
    public void connect(ChannelHandlerContext ctx, SocketAddress remote, SocketAddress local, ChannelPromise promise) {
        SockOptBuffer buffer = SockOptBuffer.get();
        buffer.bytes().writeBytes(bytes);
        try {
            buffer.set(TraitsSocket.of(ctx.channel()), option);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ctx.connect(remote, local, promise);
    }
}
