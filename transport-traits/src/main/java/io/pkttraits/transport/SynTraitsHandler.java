// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ServerChannel;
import io.netty.channel.unix.Socket;
import io.pkttraits.transport.internal.carrier.CarrierChoice;
import io.pkttraits.transport.internal.sys.SocketOption;
import java.io.IOException;
import java.net.SocketAddress;

/**
 * Reads the traits of each connection as it is accepted, before the child's pipeline runs, so that {@link SynTraits#of} answers
 * from memory afterwards. One instance can serve any number of listeners.
 *
 * <p>Add it with {@code ServerBootstrap.handler(...)}, alone or in a {@code ChannelInitializer}, or use {@link #listener}. The handler
 * also switches saving on when the listener is bound, so it works on channels that do not know {@link
 * TraitsChannelOption#TCP_SAVE_SYN_TRAITS}. If it is added to a listener that is already bound, it switches saving on then; earlier
 * connections have no traits, which {@link TraitsCounter#HANDLER_LATE} counts.
 *
 * <p>The handler never fails a bind or a connection. If there is no carrier, if the transport has no traits or if the kernel
 * refuses, connections have no traits; {@link TraitsCounter#SYN_NO_CARRIER}, {@link TraitsCounter#SYN_CHANNEL_UNSUPPORTED} and {@link
 * TraitsCounter#READ_ERROR} count that. On a channel that is not a listener, the handler only counts {@link
 * TraitsCounter#HANDLER_MISPLACED}. It throws no exception there, because handlers of the accepted connection might close the
 * connection in {@code exceptionCaught}.
 */
@Sharable
public final class SynTraitsHandler extends ChannelDuplexHandler {
    /** Makes a handler that any number of listeners can share. */
    public SynTraitsHandler() {}

    /**
     * Returns a factory whose listeners already have a {@code SynTraitsHandler} at the head of their pipeline. For frameworks that
     * accept a channel factory but give no access to the listener's pipeline:
     *
     * <pre>{@code
     * serverBootstrap.channelFactory(SynTraitsHandler.listener(EpollServerSocketChannel::new));
     * }</pre>
     *
     * @param factory creates listeners of a native transport
     */
    public static <C extends ServerChannel> ChannelFactory<C> listener(ChannelFactory<? extends C> factory) {
        return new ChannelFactoryWithHandler<>(factory, new SynTraitsHandler());
    }

    /** {@inheritDoc} */
    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (!(ctx.channel() instanceof ServerChannel)) {
            TraitsCounter.HANDLER_MISPLACED.incrementAndLogFirst(ctx.channel(), null);
        } else if (ctx.channel().isActive()) {
            save(ctx.channel(), true);
        }
    }

    /** Switches saving on, and binds. */
    @Override
    public void bind(ChannelHandlerContext ctx, SocketAddress localAddress, ChannelPromise promise) {
        if (ctx.channel() instanceof ServerChannel) {
            save(ctx.channel(), false);
        }
        ctx.bind(localAddress, promise);
    }

    private static void save(Channel listener, boolean late) {
        Socket socket = SynTraits.socketToRead(listener);
        if (socket == null) {
            return;
        }
        SocketOption save = CarrierChoice.current().carrier().saveOption();
        try {
            if (late) {
                if (socket.getIntOpt(save.level(), save.optname()) != 0) {
                    return; // By an option, so that nothing is lost.
                }
                TraitsCounter.HANDLER_LATE.incrementAndLogFirst(listener, null);
            }
            socket.setIntOpt(save.level(), save.optname(), 1);
        } catch (IOException | ChannelException e) {
            TraitsCounter.READ_ERROR.incrementAndLogFirst(listener, e);
        }
    }

    /** Reads the traits of an accepted connection, and passes the connection on. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof Channel accepted) {
            SynTraits.fetchAtAccept(accepted);
        }
        ctx.fireChannelRead(msg);
    }
}
