// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
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
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * Sets the traits of a TCP connection before it is made, so that its SYN carries them.
 *
 * <p>In the pipeline of a client channel of a native transport; one instance per channel. Traits are of the connection, not of a request: a connection made for one set
 * must not serve another ({@link io.pkttraits.transport.pool.TraitsChannelPoolMap}).
 *
 * <p>If the traits cannot be sent, all of them, the connect future fails with a {@link TraitsException}; {@link
 * UnsendablePolicy#DROP} connects without any instead. Empty traits set nothing and never fail. A refused connect leaves
 * the channel open, as any failed connect does: {@code Bootstrap} closes it, others have to.
 *
 * <p>The carrier {@code ip-option} uses the socket's IP options (ip(7), {@code IP_OPTIONS}; ipv6(7), {@code
 * IPV6_DSTOPTS}) during the handshake and leaves them empty.
 */
public final class ConnectTraitsHandler extends ChannelOutboundHandlerAdapter {
    private static final AttributeKey<Traits> SENT = AttributeKey.valueOf(ConnectTraitsHandler.class, "SENT");

    private final Traits traits;
    private final UnsendablePolicy onUnsendable;

    /** Fails the connect if the traits cannot be sent. */
    public ConnectTraitsHandler(Traits traits) {
        this(traits, UnsendablePolicy.FAIL);
    }

    /**
     * Does as {@code onUnsendable} says if the traits cannot be sent.
     *
     * @param traits what the SYN shall carry
     */
    public ConnectTraitsHandler(Traits traits, UnsendablePolicy onUnsendable) {
        this.traits = ObjectUtil.checkNotNull(traits, "traits");
        this.onUnsendable = ObjectUtil.checkNotNull(onUnsendable, "onUnsendable");
    }

    /**
     * The traits that were set for a connection: those of its {@code ConnectTraitsHandler}, or {@link Traits#EMPTY} if it had none
     * or they were dropped. May be called from any thread, once the connect future is done.
     *
     * @param channel the connection's, or a stream's above it
     */
    public static Traits sentOn(Channel channel) {
        for (Channel c = channel; c != null; c = c.parent()) {
            Traits sent = c.attr(SENT).get();
            if (sent != null) {
                return sent;
            }
        }
        return Traits.EMPTY;
    }

    @Override
    public void connect(
            ChannelHandlerContext ctx,
            SocketAddress remoteAddress,
            SocketAddress localAddress,
            ChannelPromise promise) {
        if (traits.isEmpty() || isUnresolved(remoteAddress) || ctx.channel().isActive()) {
            // Nothing to set, or a connect that fails by itself.
            ctx.connect(remoteAddress, localAddress, promise);
            return;
        }
        try {
            setTraits(ctx, remoteAddress);
            ctx.channel().attr(SENT).set(traits);
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

    private static boolean isUnresolved(SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.isUnresolved();
    }

    private void setTraits(ChannelHandlerContext ctx, SocketAddress remote) throws TraitsException {
        SynCarrier carrier = CarrierChoice.current().carrier();
        Socket socket = TraitsSocket.of(ctx.channel());
        if (socket == null || !(remote instanceof InetSocketAddress inet)) {
            throw TraitsException.refused(
                    carrier.type(),
                    TraitsException.NO_KEY,
                    "cannot send traits " + traits + ": " + ctx.channel() + " to " + remote
                            + " is not TCP over a native transport");
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
