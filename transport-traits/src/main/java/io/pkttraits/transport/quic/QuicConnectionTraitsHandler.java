// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.quic;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.QuicChannel;

/**
 * Keeps the traits of a {@link QuicChannel}, for {@link QuicTraits}.
 *
 * <p>It is, or is added first by, the {@code handler} of a {@code QuicServerCodecBuilder} or {@code QuicChannelBootstrap},
 * together with a {@link QuicTraitsHandler} on the datagram channel. It puts its own {@code ALLOCATOR} and {@code
 * SEGMENTED_DATAGRAM_PACKET_ALLOCATOR} in front of those of the channel, so these options are to be set before it is
 * added. Removing it from an open channel undoes that.
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

    /** Passes on what was read; a payload of the DATAGRAM extension in its own buffer, since it is no packet to send. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ctx.fireChannelRead(msg instanceof QuicPacketBuffer buffer ? buffer.plain() : msg);
    }
}
