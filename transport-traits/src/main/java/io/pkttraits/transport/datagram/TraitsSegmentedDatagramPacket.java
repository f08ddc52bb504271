// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.buffer.ByteBuf;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.pkttraits.Traits;
import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * A train of datagrams to be sent by one system call (GSO: udp(7), {@code UDP_SEGMENT}), and the traits that each of them
 * carries.
 *
 * <p>The kernel cuts the content into datagrams of {@link #segmentSize()} bytes, of which the last may be shorter, and
 * gives every one the same traits. Datagrams with other traits are another train. By the carrier {@code ip-option} a
 * segment and its headers with the IP option must fit the interface's MTU, else the write fails. A train is of at most 64
 * segments; later kernels allow 128.
 *
 * <p>Reference counting is that of {@link SegmentedDatagramPacket}; traits are immutable and need no releasing.
 *
 * <p>Only a {@link TraitsDatagramChannel} sends the traits. Netty's own datagram channels send the packet <b>without</b> them and
 * report success, because they see a {@code SegmentedDatagramPacket}; {@link TraitsDatagramGuardHandler} makes such a write fail.
 */
public final class TraitsSegmentedDatagramPacket extends SegmentedDatagramPacket {
    private final Traits traits;

    /**
     * A train to be sent.
     *
     * @param segmentSize bytes of payload of each datagram but the last, above 0
     */
    public TraitsSegmentedDatagramPacket(ByteBuf data, int segmentSize, InetSocketAddress recipient, Traits traits) {
        super(data, segmentSize, recipient);
        this.traits = Objects.requireNonNull(traits, "traits");
    }

    /**
     * A train that names its sender too, which sending ignores.
     *
     * @param segmentSize bytes of payload of each datagram but the last, above 0
     */
    public TraitsSegmentedDatagramPacket(
            ByteBuf data, int segmentSize, InetSocketAddress recipient, InetSocketAddress sender, Traits traits) {
        super(data, segmentSize, recipient, sender);
        this.traits = Objects.requireNonNull(traits, "traits");
    }

    /** The traits of each datagram, {@link Traits#EMPTY} if there are none. */
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
