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
 * Tells the QUIC connections of a datagram channel the traits of their datagrams, and sends their packets with traits.
 *
 * <p>It is added to an {@link EpollTraitsDatagramChannel} or {@link IoUringTraitsDatagramChannel} right before Netty's QUIC codec, of a server or a client. Each
 * {@code QuicChannel} also needs a {@link QuicConnectionTraitsHandler}.
 *
 * <p>The codec itself decides which datagram belongs to which connection: it hands the datagram's addresses to the
 * connection's channel, and the traits are on one of them. It asks the connection's allocator for the memory of each packet, and
 * the traits are on that. So nothing is guessed from addresses, ports or connection ids, and nothing is kept here by connection.
 * Packets of no connection ({@code Version Negotiation}, {@code Retry}) pass without traits.
 *
 * @see QuicTraits
 */
public final class QuicTraitsHandler extends ChannelDuplexHandler {
    private final RecipientCache addresses = new RecipientCache();

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

    /** Passes a datagram on to the codec, equal to what it was. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ctx.fireChannelRead(
                msg instanceof DatagramPacket packet && packet.recipient() != null ? withTraits(packet) : msg);
    }

    /**
     * Without traits too, so that a connection's latest datagram says that it had none. Packets of our channels are so
     * already, unless a handler between has made others of them.
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

    /** Passes a connection's packets on to the channel with the connection's traits, everything else as it is. */
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
