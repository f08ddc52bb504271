// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.unix.Socket;
import io.pkttraits.transport.internal.carrier.CarrierChoice;
import io.pkttraits.transport.internal.carrier.TraitsSocket;
import io.pkttraits.transport.internal.sys.SocketOption;
import java.io.IOException;
import java.net.SocketAddress;

/**
 * Reads the traits of each connection as it is accepted, before the child's pipeline runs, so that {@link
 * SynTraits#of} answers from memory ever after.
 *
 * <p>For {@code ServerBootstrap.handler(...)}, alone or in a {@code ChannelInitializer}. It also switches saving on as
 * the channel is bound, so that it works on channels that do not know {@link TraitsChannelOption#TCP_SAVE_SYN_TRAITS}.
 * If the kernel refuses, the server is bound all the same; its connections have no traits then, and {@link
 * TraitsCounter#READ_ERROR} counts.
 */
@Sharable
public final class SynTraitsHandler extends ChannelDuplexHandler {
    /** Makes a handler that any number of listeners can share. */
    public SynTraitsHandler() {}

    @Override
    public void bind(ChannelHandlerContext ctx, SocketAddress localAddress, ChannelPromise promise) {
        Socket socket = TraitsSocket.of(ctx.channel());
        SocketOption save = CarrierChoice.current().carrier().saveOption();
        if (socket != null && save != null) {
            try {
                socket.setIntOpt(save.level(), save.optname(), 1);
            } catch (IOException | ChannelException e) {
                TraitsCounter.READ_ERROR.incrementAndLogFirst(ctx.channel(), e);
            }
        }
        ctx.bind(localAddress, promise);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof Channel accepted) {
            SynTraits.fetchAtAccept(accepted);
        }
        ctx.fireChannelRead(msg);
    }
}
