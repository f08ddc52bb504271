// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.quic;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.QuicChannel;

/**
 * Keeps the traits of a {@link QuicChannel}, for {@link QuicTraits}.
 *
 * <p>Set it as the {@code handler} of a {@code QuicServerCodecBuilder} or {@code QuicChannelBootstrap}, or let that handler
 * add it first. The datagram channel needs a {@link QuicTraitsHandler}.
 *
 * <p>It wraps the channel's {@code ALLOCATOR} and {@code SEGMENTED_DATAGRAM_PACKET_ALLOCATOR}. Set these options before it is
 * added. If it is removed from an open channel, they are restored.
 *
 * @see QuicTraits
 */
@Sharable
public final class QuicConnectionTraitsHandler extends ChannelInboundHandlerAdapter {
    /** Makes a handler that any number of connections can share. */
    public QuicConnectionTraitsHandler() {}

    /** {@inheritDoc} */
    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (!(ctx.channel() instanceof QuicChannel channel)) {
            throw new IllegalStateException("a QuicConnectionTraitsHandler belongs on a QuicChannel, not on "
                    + ctx.channel() + "; the one for the datagram channel is QuicTraitsHandler");
        }
        QuicConnectionTraits.attach(channel);
    }

    /** {@inheritDoc} */
    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (ctx.channel() instanceof QuicChannel channel && channel.isOpen()) {
            QuicConnectionTraits.detach(channel);
        }
    }

    /** Passes on what was read. A payload of the DATAGRAM extension is unwrapped, because it is no packet to send. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ctx.fireChannelRead(msg instanceof QuicPacketBuffer buffer ? buffer.plain() : msg);
    }
}
