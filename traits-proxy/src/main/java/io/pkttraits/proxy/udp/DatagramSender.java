// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.udp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.pkttraits.Traits;
import io.pkttraits.transport.UnsendablePolicy;
import io.pkttraits.transport.datagram.TraitsDatagramPacket;
import io.pkttraits.transport.policy.BoundTraitsPolicy;
import io.pkttraits.transport.policy.TraitsConflictException;
import java.net.InetSocketAddress;

/**
 * Passes datagrams on over one channel, and accounts for each. On the channel's event loop alone.
 *
 * <p>A connected socket reports an ICMP error by failing whatever is sent next, which has nothing to do with it, so a datagram
 * that fails over such a socket is sent a second time.
 */
final class DatagramSender {
    private final Channel channel;
    private final RelayConfig config;
    private final RelayTotals totals;
    private final Direction direction;
    private int pending;
    /** Whether the kernel did not take all of what was flushed last. */
    private boolean held;

    DatagramSender(Channel channel, RelayConfig config, RelayTotals totals, Direction direction) {
        this.channel = channel;
        this.config = config;
        this.totals = totals;
        this.direction = direction;
    }

    /**
     * Passes a received datagram on, with the traits that the policy lets through; needs a {@link #flush}.
     *
     * @param packet released by this
     * @param recipient {@code null} over a connected channel
     * @param client whose flow it is
     * @param policy for datagrams of its sender
     */
    void send(
            TraitsDatagramPacket packet,
            InetSocketAddress recipient,
            InetSocketAddress client,
            BoundTraitsPolicy policy) {
        direction.received();
        try {
            DropCause obstacle = obstacle(packet.content());
            if (obstacle != null) {
                totals.dropped(obstacle, client, null);
                return;
            }
            Traits traits = policy.forward(policy.accept(packet.traits()));
            // What may wait for long must not keep the receive buffer of a whole batch.
            ByteBuf content = held ? packet.content().copy() : packet.content().retain();
            write(new TraitsDatagramPacket(content, recipient, client, traits), false);
        } catch (TraitsConflictException e) {
            totals.dropped(DropCause.CONFLICT, client, e);
        } finally {
            packet.release();
        }
    }

    /** Why a payload cannot go on, or {@code null}. */
    private DropCause obstacle(ByteBuf content) {
        if (content.readableBytes() > config.limits().maxDatagram()) {
            return DropCause.OVERSIZED; // and cut off by the kernel
        }
        if (!channel.isWritable()) {
            flush();
        }
        return channel.isWritable() ? null : DropCause.OVERLOAD;
    }

    /** Hands to the kernel what was sent. */
    void flush() {
        channel.flush();
        held = pending > 0;
    }

    /** The packet's one reference passes to this. */
    private void write(TraitsDatagramPacket packet, boolean again) {
        pending++;
        SentDatagram sent = new SentDatagram(channel, this, packet, again);
        sent.addListener(sent);
        channel.write(packet.retain(), sent);
    }

    /** Called when a datagram was sent or could not be. */
    void done(SentDatagram sent) {
        pending--;
        TraitsDatagramPacket packet = sent.packet();
        Throwable failure = sent.cause();
        if (failure == null) {
            direction.sent(packet.content().readableBytes(), packet.traits());
            packet.release();
            return;
        }
        DropCause cause = DropCause.of(failure, !packet.traits().isEmpty());
        if (cause == DropCause.UNSENDABLE && config.unsendable() == UnsendablePolicy.DROP) {
            totals.traitsDropped(packet.sender(), failure);
            writeAgain(new TraitsDatagramPacket(packet.content(), packet.recipient(), packet.sender(), Traits.EMPTY));
        } else if (cause == DropCause.SEND_ERROR && packet.recipient() == null && !sent.isAgain()) {
            totals.upstreamError(packet.sender(), failure);
            writeAgain(packet);
        } else {
            totals.dropped(cause, packet.sender(), failure);
            packet.release();
        }
    }

    /** Flushes too, since this may be called at any time. */
    private void writeAgain(TraitsDatagramPacket packet) {
        write(packet, true);
        channel.flush();
    }
}
