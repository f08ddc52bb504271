// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.udp;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.DefaultChannelPromise;
import io.pkttraits.transport.datagram.TraitsDatagramPacket;

/**
 * A datagram that was handed to a channel, for as long as the kernel has not taken it. It is the promise of its own write, which
 * therefore costs no other object, and has a reference to the packet, to be able to write it again.
 */
final class SentDatagram extends DefaultChannelPromise implements ChannelFutureListener {
    private final DatagramSender sender;
    private final TraitsDatagramPacket packet;
    private final boolean again;

    /** @param again whether this is the second attempt */
    SentDatagram(Channel channel, DatagramSender sender, TraitsDatagramPacket packet, boolean again) {
        super(channel);
        this.sender = sender;
        this.packet = packet;
        this.again = again;
    }

    TraitsDatagramPacket packet() {
        return packet;
    }

    boolean isAgain() {
        return again;
    }

    @Override
    public void operationComplete(ChannelFuture future) {
        sender.done(this);
    }
}
