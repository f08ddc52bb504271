// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.DatagramPacket;
import io.pkttraits.Traits;
import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * A received datagram, or one to send, with its traits.
 *
 * <p>As with every {@link DatagramPacket}, the reference count is the content's. Copies, duplicates and packets with
 * replaced content have the same traits, sender and recipient. Traits are immutable and are not released.
 *
 * <p>Only a {@link TraitsDatagramChannel} sends the traits. Netty's own datagram channels send the packet <b>without</b> them and
 * report success, because they see a {@code DatagramPacket}; {@link TraitsDatagramGuardHandler} makes such a write fail.
 */
public final class TraitsDatagramPacket extends DatagramPacket {
    private final Traits traits;

    /** Creates a datagram to send. It needs a recipient on a connected channel, too. */
    public TraitsDatagramPacket(ByteBuf data, InetSocketAddress recipient, Traits traits) {
        super(data, recipient);
        this.traits = Objects.requireNonNull(traits, "traits");
    }

    /** Creates a datagram as it is received. One of the two addresses may be {@code null}. */
    public TraitsDatagramPacket(ByteBuf data, InetSocketAddress recipient, InetSocketAddress sender, Traits traits) {
        super(data, recipient, sender);
        this.traits = Objects.requireNonNull(traits, "traits");
    }

    /** Returns the traits, {@link Traits#EMPTY} if there are none. */
    public Traits traits() {
        return traits;
    }

    @Override
    public TraitsDatagramPacket copy() {
        return replace(content().copy());
    }

    @Override
    public TraitsDatagramPacket duplicate() {
        return replace(content().duplicate());
    }

    @Override
    public TraitsDatagramPacket retainedDuplicate() {
        return replace(content().retainedDuplicate());
    }

    @Override
    public TraitsDatagramPacket replace(ByteBuf content) {
        return new TraitsDatagramPacket(content, recipient(), sender(), traits);
    }

    @Override
    public TraitsDatagramPacket retain() {
        super.retain();
        return this;
    }

    @Override
    public TraitsDatagramPacket retain(int increment) {
        super.retain(increment);
        return this;
    }

    @Override
    public TraitsDatagramPacket touch() {
        super.touch();
        return this;
    }

    @Override
    public TraitsDatagramPacket touch(Object hint) {
        super.touch(hint);
        return this;
    }

    @Override
    public String toString() {
        return super.toString() + traits;
    }
}
