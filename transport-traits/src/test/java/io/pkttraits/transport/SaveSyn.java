// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.pkttraits.transport.internal.carrier.TraitsSocket;
import io.pkttraits.transport.internal.sys.SocketOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;

/** Switches one carrier's saving on, whatever that of the JVM, and leaves reading to the test. */
final class SaveSyn extends ChannelOutboundHandlerAdapter {
    private final SocketOption save;

    SaveSyn(SocketOption save) {
        this.save = save;
    }

    @Override
    public void bind(ChannelHandlerContext ctx, SocketAddress local, ChannelPromise promise) {
        try {
            TraitsSocket.of(ctx.channel()).setIntOpt(save.level(), save.optname(), 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ctx.bind(local, promise);
    }
}
