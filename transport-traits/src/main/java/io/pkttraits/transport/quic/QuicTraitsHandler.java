// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.quic;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramPacket;
import io.pkttraits.Traits;
import io.pkttraits.transport.TraitsCounter;
import io.pkttraits.transport.datagram.EpollTraitsDatagramChannel;
import io.pkttraits.transport.datagram.IoUringTraitsDatagramChannel;
import io.pkttraits.transport.datagram.RecipientDecorator;
import io.pkttraits.transport.datagram.TraitsDatagramChannel;
import io.pkttraits.transport.datagram.TraitsDatagramChannelOption;
import io.pkttraits.transport.datagram.TraitsDatagramPacket;
import io.pkttraits.transport.internal.carrier.Counts;
import java.net.InetSocketAddress;

/**
 * Passes the traits of received datagrams to the QUIC connections of a datagram channel, and sends the connections' packets
 * with traits.
 *
 * <p>Add it to an {@link EpollTraitsDatagramChannel} or {@link IoUringTraitsDatagramChannel}, directly before Netty's QUIC
 * codec for servers or clients. Each {@code QuicChannel} also needs a {@link QuicConnectionTraitsHandler}.
 *
 * <p>The codec decides which datagram belongs to which connection. It passes the datagram's addresses to the connection's
 * channel, so the recipient address carries the traits. For each packet to send, it allocates memory from the connection's
 * allocator, so that memory carries the traits. Nothing is guessed from addresses, ports or connection IDs, and this handler
 * stores nothing for each connection. Packets without a connection ({@code Version Negotiation}, {@code Retry}) are sent
 * without traits.
 *
 * @see QuicTraits
 */
public final class QuicTraitsHandler extends ChannelDuplexHandler {
    private final RecipientCache addresses = new RecipientCache();

    /** Makes a handler for one datagram channel. */
    public QuicTraitsHandler() {}

    /** {@inheritDoc} */
    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (ctx.channel() instanceof TraitsDatagramChannel channel) {
            channel.config().setOption(TraitsDatagramChannelOption.RECIPIENT_DECORATOR, addresses);
        } else {
            Counts.incrementAndLogFirst(TraitsCounter.DATAGRAM_CHANNEL_UNSUPPORTED, ctx.channel(), null);
        }
    }

    /** {@inheritDoc} */
    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (ctx.channel() instanceof TraitsDatagramChannel channel) {
            channel.config().setOption(TraitsDatagramChannelOption.RECIPIENT_DECORATOR, RecipientDecorator.NONE);
        }
    }

    /** Passes a datagram to the codec. Its recipient carries the traits, and equals the original one. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ctx.fireChannelRead(
                msg instanceof DatagramPacket packet && packet.recipient() != null ? withTraits(packet) : msg);
    }

    /**
     * A datagram without traits is changed, too, so that the connection's latest traits become empty. Packets of our channels
     * already have such a recipient, unless a handler has replaced them.
     */
    private DatagramPacket withTraits(DatagramPacket packet) {
        Traits traits = packet instanceof TraitsDatagramPacket withTraits ? withTraits.traits() : Traits.EMPTY;
        if (packet.recipient() instanceof RecipientWithTraits address
                && address.traits().equals(traits)) {
            return packet;
        }
        InetSocketAddress recipient = addresses.decorate(packet.recipient(), traits);
        return new TraitsDatagramPacket(packet.content(), recipient, packet.sender(), traits);
    }

    /** Sends a connection's packets with the connection's traits, and everything else unchanged. */
    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        if (msg instanceof QuicSegmentedPacket train) {
            ctx.write(train.withTraits(), promise.unvoid()).addListener(train.connection());
        } else if (msg instanceof DatagramPacket packet
                && packet.content() instanceof QuicPacketBuffer buffer
                && buffer.isPacket()) {
            ctx.write(new TraitsDatagramPacket(buffer.plain(), packet.recipient(), buffer.traits()), promise);
        } else {
            ctx.write(msg, promise);
        }
    }
}
