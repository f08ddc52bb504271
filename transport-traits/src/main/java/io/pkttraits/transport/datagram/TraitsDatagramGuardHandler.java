// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import io.pkttraits.Traits;
import io.pkttraits.transport.TraitsCounter;
import io.pkttraits.transport.TraitsException;
import io.pkttraits.transport.internal.carrier.Counts;
import io.pkttraits.transport.internal.carrier.WithoutValues;

/**
 * Fails the write of a packet with traits if the channel would send it without them.
 *
 * <p>Netty's own datagram channels send a {@link TraitsDatagramPacket} without its traits, because they see only a {@code
 * DatagramPacket}. If a framework, and not your code, chooses the channel, add this handler first to the pipeline. The handler forwards
 * everything on a {@link TraitsDatagramChannel}, and packets without traits on any channel. One instance can serve any number of
 * channels.
 *
 * <p>A refused write fails with a {@link TraitsException}, its packet is released, and {@link
 * TraitsCounter#DATAGRAM_CHANNEL_UNSUPPORTED} counts it.
 */
@Sharable
public final class TraitsDatagramGuardHandler extends ChannelOutboundHandlerAdapter {
    /** Makes a handler that any number of channels can share. */
    public TraitsDatagramGuardHandler() {}

    /** Passes the message on, or fails its promise. */
    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        Traits traits = ctx.channel() instanceof TraitsDatagramChannel ? Traits.EMPTY : OutboundFilter.traits(msg);
        if (traits.isEmpty()) {
            ctx.write(msg, promise);
            return;
        }
        ReferenceCountUtil.safeRelease(msg);
        TraitsException refused = TraitsException.refused(
                DatagramTraits.carrier(),
                TraitsException.NO_KEY,
                "cannot send traits " + WithoutValues.of(traits) + ": " + ctx.channel()
                        + " sends none; use an EpollTraitsDatagramChannel or IoUringTraitsDatagramChannel");
        Counts.incrementAndLogFirst(TraitsCounter.DATAGRAM_CHANNEL_UNSUPPORTED, ctx.channel(), refused);
        promise.tryFailure(refused);
    }
}
