// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.unix.Socket;
import io.netty.util.AttributeKey;
import io.netty.util.internal.ObjectUtil;
import io.pkttraits.Traits;
import io.pkttraits.transport.internal.carrier.CarrierChoice;
import io.pkttraits.transport.internal.carrier.SynCarrier;
import io.pkttraits.transport.internal.carrier.TraitsSocket;
import io.pkttraits.transport.internal.carrier.WithoutValues;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * Sets the traits of a TCP connection before it is made, so that its SYN carries them.
 *
 * <p>Add it to the pipeline of a client channel of a native transport. The handler keeps no state of a channel: one instance
 * can serve any number of channels. The traits are those of the constructor, or those that the attribute {@link #TRAITS} has on
 * the channel when it connects:
 *
 * <pre>{@code
 * new Bootstrap().handler(new ConnectTraitsHandler()).attr(ConnectTraitsHandler.TRAITS, traits).connect(address);
 * }</pre>
 *
 * <p>Traits belong to the connection, not to a request. A connection that was made for one trait set must not serve another
 * ({@link io.pkttraits.transport.pool.TraitsChannelPoolMap}).
 *
 * <p>If one of the traits cannot be sent, the connect future fails with a {@link TraitsException}; {@link UnsendablePolicy#DROP}
 * connects without any traits instead. Empty traits set nothing and never fail. A refused connect leaves the channel open, as
 * any failed connect does: {@code Bootstrap} closes the channel, other callers have to.
 *
 * <p>The carrier {@code ip-option} uses the socket's IP options (ip(7), {@code IP_OPTIONS}; ipv6(7), {@code
 * IPV6_DSTOPTS}) during the handshake and leaves them empty.
 */
@Sharable
public final class ConnectTraitsHandler extends ChannelOutboundHandlerAdapter {
    /**
     * The traits to send with the SYN of a channel, for handlers that were constructed without traits. Set the attribute before {@code
     * connect}, e.g. with {@code Bootstrap.attr}. Without a value, no traits are sent.
     *
     * <p>Do not confuse it with {@link PacketTraits#TRAITS}, which holds the traits that a connection was received with, and which {@link
     * PacketTraits#of} returns.
     */
    public static final AttributeKey<Traits> TRAITS = AttributeKey.valueOf(ConnectTraitsHandler.class, "TRAITS");

    private static final AttributeKey<Traits> SENT = AttributeKey.valueOf(ConnectTraitsHandler.class, "SENT");

    /** {@code null} if the channel's attribute has them. */
    private final Traits traits;

    private final UnsendablePolicy onUnsendable;

    /** Sends the traits of the attribute {@link #TRAITS}, and fails the connect if they cannot be sent. */
    public ConnectTraitsHandler() {
        this(UnsendablePolicy.FAIL);
    }

    /**
     * Sends the traits of the attribute {@link #TRAITS}.
     *
     * @param onUnsendable what happens to a connect whose traits cannot be sent
     */
    public ConnectTraitsHandler(UnsendablePolicy onUnsendable) {
        this.traits = null;
        this.onUnsendable = ObjectUtil.checkNotNull(onUnsendable, "onUnsendable");
    }

    /**
     * Sends the same traits on every channel, and fails the connect if they cannot be sent.
     *
     * @param traits the traits of the SYN; the attribute {@link #TRAITS} is not looked at
     */
    public ConnectTraitsHandler(Traits traits) {
        this(traits, UnsendablePolicy.FAIL);
    }

    /**
     * Sends the same traits on every channel.
     *
     * @param traits the traits of the SYN; the attribute {@link #TRAITS} is not looked at
     * @param onUnsendable what happens to a connect whose traits cannot be sent
     */
    public ConnectTraitsHandler(Traits traits, UnsendablePolicy onUnsendable) {
        this.traits = ObjectUtil.checkNotNull(traits, "traits");
        this.onUnsendable = ObjectUtil.checkNotNull(onUnsendable, "onUnsendable");
    }

    /**
     * Returns a factory whose channels already have a {@code ConnectTraitsHandler} at the head of their pipeline. For frameworks that
     * accept a channel factory but give no access to the pipeline before the connect:
     *
     * <pre>{@code
     * bootstrap.channelFactory(ConnectTraitsHandler.channelFactory(EpollSocketChannel::new, traits));
     * }</pre>
     *
     * @param factory creates client channels of a native transport
     * @param traits the traits of each connection's SYN; a connect fails if they cannot be sent
     */
    public static <C extends Channel> ChannelFactory<C> channelFactory(
            ChannelFactory<? extends C> factory, Traits traits) {
        return new ChannelFactoryWithHandler<>(factory, new ConnectTraitsHandler(traits));
    }

    /**
     * Does the same with a handler of your choice, for example one that reads the attribute {@link #TRAITS}.
     *
     * @param factory creates client channels of a native transport
     * @param handler is added to each channel
     */
    public static <C extends Channel> ChannelFactory<C> channelFactory(
            ChannelFactory<? extends C> factory, ConnectTraitsHandler handler) {
        return new ChannelFactoryWithHandler<>(factory, ObjectUtil.checkNotNull(handler, "handler"));
    }

    /**
     * Returns the traits that were set for a connection: those of its {@code ConnectTraitsHandler}, or {@link Traits#EMPTY} if it
     * had none or they were dropped. May be called from any thread, once the connect future is done.
     *
     * @param channel the channel of the connection, or of a stream above it
     */
    public static Traits sentOn(Channel channel) {
        for (Channel c = channel; c != null; c = c.parent()) {
            Traits sent = c.hasAttr(SENT) ? c.attr(SENT).get() : null;
            if (sent != null) {
                return sent;
            }
        }
        return Traits.EMPTY;
    }

    /** Counts a handler that comes too late for the SYN. */
    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (ctx.channel().isActive() && !toSend(ctx.channel()).isEmpty()) {
            TraitsCounter.CONNECT_LATE.incrementAndLogFirst(ctx.channel(), null);
        }
    }

    /** Sets the traits, and connects. */
    @Override
    public void connect(
            ChannelHandlerContext ctx,
            SocketAddress remoteAddress,
            SocketAddress localAddress,
            ChannelPromise promise) {
        Traits toSend = toSend(ctx.channel());
        if (toSend.isEmpty() || isUnresolved(remoteAddress) || ctx.channel().isActive()) {
            // Nothing to set, or a connect that fails by itself.
            ctx.connect(remoteAddress, localAddress, promise);
            return;
        }
        try {
            setTraits(ctx, remoteAddress, toSend);
            ctx.channel().attr(SENT).set(toSend);
            TraitsCounter.CONNECT_SET.increment(ctx.channel());
            connectWithTraits(ctx, (InetSocketAddress) remoteAddress, localAddress, promise);
        } catch (TraitsException e) {
            if (onUnsendable == UnsendablePolicy.DROP && !e.isPartlySet()) {
                TraitsCounter.CONNECT_DROPPED.incrementAndLogFirst(remoteAddress, e);
                ctx.connect(remoteAddress, localAddress, promise);
            } else {
                TraitsCounter.CONNECT_REFUSED.incrementBy(e);
                promise.tryFailure(e);
            }
        }
    }

    private Traits toSend(Channel channel) {
        if (traits != null) {
            return traits;
        }
        Traits ofChannel = channel.hasAttr(TRAITS) ? channel.attr(TRAITS).get() : null;
        return ofChannel == null ? Traits.EMPTY : ofChannel;
    }

    private static boolean isUnresolved(SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.isUnresolved();
    }

    private static void setTraits(ChannelHandlerContext ctx, SocketAddress remote, Traits traits)
            throws TraitsException {
        SynCarrier carrier = CarrierChoice.current().carrier();
        Socket socket = TraitsSocket.of(ctx.channel());
        if (socket == null || !(remote instanceof InetSocketAddress inet)) {
            throw TraitsException.refused(
                    carrier.type(),
                    TraitsException.NO_KEY,
                    "cannot send traits " + WithoutValues.of(traits) + ": " + ctx.channel() + " to " + remote
                            + " is not TCP over a native transport; " + TraitsSocket.SUPPORTED);
        }
        carrier.prepareConnect(socket, inet, traits);
    }

    /**
     * Connects under a promise of its own: the caller's listeners may write as soon as theirs is done, and by then
     * packets must carry nothing any more.
     */
    private static void connectWithTraits(
            ChannelHandlerContext ctx, InetSocketAddress remote, SocketAddress local, ChannelPromise promise) {
        // On the channel's loop, whatever the handler's: the one that reports the connect runs the listener at once.
        ChannelPromise connected = ctx.channel().newPromise();
        connected.addListener(future -> finish(ctx, remote, (ChannelFuture) future, promise));
        promise.addListener(future -> {
            if (future.isCancelled()) {
                connected.cancel(false);
            }
        });
        ctx.connect(remote, local, connected);
    }

    private static void finish(
            ChannelHandlerContext ctx, InetSocketAddress remote, ChannelFuture connected, ChannelPromise promise) {
        if (!connected.isSuccess()) {
            promise.tryFailure(connected.cause());
            return;
        }
        Socket socket = TraitsSocket.of(ctx.channel());
        try {
            CarrierChoice.current().carrier().connected(socket, remote);
        } catch (IOException | ChannelException e) {
            ctx.close();
            promise.tryFailure(e);
            return;
        }
        if (!promise.trySuccess()) {
            ctx.close();
        }
    }
}
