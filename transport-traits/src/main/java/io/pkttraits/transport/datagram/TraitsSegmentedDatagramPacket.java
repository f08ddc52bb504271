// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.buffer.ByteBuf;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.pkttraits.Traits;
import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * A train of datagrams with the same traits, which one system call sends (GSO: {@code UDP_SEGMENT} in udp(7)).
 *
 * <p>The kernel splits the content into datagrams of {@link #segmentSize()} bytes. The last one may be shorter. Each
 * datagram carries the traits. Send datagrams with other traits in another train. A train has at most 64 datagrams, or 128
 * on later kernels.
 *
 * <p>With the carrier {@code ip-option}, a datagram with its headers and the IP option must fit into the interface's MTU.
 * Otherwise the write fails.
 *
 * <p>As with every {@link SegmentedDatagramPacket}, the reference count is the content's. Traits are immutable and are not
 * released.
 *
 * <p>Only a {@link TraitsDatagramChannel} sends the traits. Netty's own datagram channels send the packet <b>without</b> them and
 * report success, because they see a {@code SegmentedDatagramPacket}; {@link TraitsDatagramGuardHandler} makes such a write fail.
 */
public final class TraitsSegmentedDatagramPacket extends SegmentedDatagramPacket {
    private final Traits traits;

    /**
     * Creates a train.
     *
     * @param segmentSize bytes of payload of each datagram but the last, above 0
     */
    public TraitsSegmentedDatagramPacket(ByteBuf data, int segmentSize, InetSocketAddress recipient, Traits traits) {
        super(data, segmentSize, recipient);
        this.traits = Objects.requireNonNull(traits, "traits");
    }

    /**
     * Creates a train with a sender, which sending ignores.
     *
     * @param segmentSize bytes of payload of each datagram but the last, above 0
     */
    public TraitsSegmentedDatagramPacket(
            ByteBuf data, int segmentSize, InetSocketAddress recipient, InetSocketAddress sender, Traits traits) {
        super(data, segmentSize, recipient, sender);
        this.traits = Objects.requireNonNull(traits, "traits");
    }

    /** Returns the traits of each datagram, {@link Traits#EMPTY} if there are none. */
    public Traits traits() {
        return traits;
    }

    @Override
    public TraitsSegmentedDatagramPacket copy() {
        return replace(content().copy());
    }

    @Override
    public TraitsSegmentedDatagramPacket duplicate() {
        return replace(content().duplicate());
    }

    @Override
    public TraitsSegmentedDatagramPacket retainedDuplicate() {
        return replace(content().retainedDuplicate());
    }

    @Override
    public TraitsSegmentedDatagramPacket replace(ByteBuf content) {
        return new TraitsSegmentedDatagramPacket(content, segmentSize(), recipient(), sender(), traits);
    }

    @Override
    public TraitsSegmentedDatagramPacket retain() {
        super.retain();
        return this;
    }

    @Override
    public TraitsSegmentedDatagramPacket retain(int increment) {
        super.retain(increment);
        return this;
    }

    @Override
    public TraitsSegmentedDatagramPacket touch() {
        super.touch();
        return this;
    }

    @Override
    public TraitsSegmentedDatagramPacket touch(Object hint) {
        super.touch(hint);
        return this;
    }

    @Override
    public String toString() {
        return super.toString() + traits;
    }
}
