// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.channel.AbstractChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.Objects;

/** Implements a datagram channel's multicast methods. All overloads end in a method of {@link MulticastGroups}. */
abstract class AbstractMulticastChannel extends AbstractChannel implements DatagramChannel {
    AbstractMulticastChannel(Channel parent) {
        super(parent);
    }

    /** The socket that joins and leaves. */
    abstract UdpSocket socket();

    @Override
    public final InetSocketAddress localAddress() {
        return (InetSocketAddress) super.localAddress();
    }

    @Override
    public final InetSocketAddress remoteAddress() {
        return (InetSocketAddress) super.remoteAddress();
    }

    /** {@link MulticastGroups#join}, {@code leave} or {@code block}. */
    private interface GroupChange {
        void apply(UdpSocket socket, InetAddress group, NetworkInterface on, InetAddress source) throws IOException;
    }

    /** @param on {@code null} for the default interface */
    private ChannelFuture change(
            GroupChange change, InetAddress group, NetworkInterface on, InetAddress source, ChannelPromise promise) {
        if (!eventLoop().inEventLoop()) {
            eventLoop().execute(() -> change(change, group, on, source, promise));
            return promise;
        }
        try {
            change.apply(socket(), group, on == null ? multicastInterface() : on, source);
            promise.setSuccess();
        } catch (IOException | RuntimeException e) {
            promise.setFailure(e);
        }
        return promise;
    }

    private NetworkInterface multicastInterface() throws IOException {
        NetworkInterface on = config().getNetworkInterface();
        return on != null
                ? on
                : NetworkInterface.getByInetAddress(localAddress().getAddress());
    }

    private static NetworkInterface required(NetworkInterface on) {
        return Objects.requireNonNull(on, "networkInterface");
    }

    private static InetAddress required(InetAddress sourceToBlock) {
        return Objects.requireNonNull(sourceToBlock, "sourceToBlock");
    }

    @Override
    public final ChannelFuture joinGroup(InetAddress group) {
        return joinGroup(group, newPromise());
    }

    @Override
    public final ChannelFuture joinGroup(InetAddress group, ChannelPromise promise) {
        return change(MulticastGroups::join, group, null, null, promise);
    }

    @Override
    public final ChannelFuture joinGroup(InetSocketAddress group, NetworkInterface on) {
        return joinGroup(group, on, newPromise());
    }

    @Override
    public final ChannelFuture joinGroup(InetSocketAddress group, NetworkInterface on, ChannelPromise promise) {
        return joinGroup(group.getAddress(), on, null, promise);
    }

    @Override
    public final ChannelFuture joinGroup(InetAddress group, NetworkInterface on, InetAddress source) {
        return joinGroup(group, on, source, newPromise());
    }

    @Override
    public final ChannelFuture joinGroup(
            InetAddress group, NetworkInterface on, InetAddress source, ChannelPromise promise) {
        return change(MulticastGroups::join, group, required(on), source, promise);
    }

    @Override
    public final ChannelFuture leaveGroup(InetAddress group) {
        return leaveGroup(group, newPromise());
    }

    @Override
    public final ChannelFuture leaveGroup(InetAddress group, ChannelPromise promise) {
        return change(MulticastGroups::leave, group, null, null, promise);
    }

    @Override
    public final ChannelFuture leaveGroup(InetSocketAddress group, NetworkInterface on) {
        return leaveGroup(group, on, newPromise());
    }

    @Override
    public final ChannelFuture leaveGroup(InetSocketAddress group, NetworkInterface on, ChannelPromise promise) {
        return leaveGroup(group.getAddress(), on, null, promise);
    }

    @Override
    public final ChannelFuture leaveGroup(InetAddress group, NetworkInterface on, InetAddress source) {
        return leaveGroup(group, on, source, newPromise());
    }

    @Override
    public final ChannelFuture leaveGroup(
            InetAddress group, NetworkInterface on, InetAddress source, ChannelPromise promise) {
        return change(MulticastGroups::leave, group, required(on), source, promise);
    }

    @Override
    public final ChannelFuture block(InetAddress group, NetworkInterface on, InetAddress source) {
        return block(group, on, source, newPromise());
    }

    @Override
    public final ChannelFuture block(
            InetAddress group, NetworkInterface on, InetAddress source, ChannelPromise promise) {
        return change(MulticastGroups::block, group, required(on), required(source), promise);
    }

    @Override
    public final ChannelFuture block(InetAddress group, InetAddress source) {
        return block(group, source, newPromise());
    }

    @Override
    public final ChannelFuture block(InetAddress group, InetAddress source, ChannelPromise promise) {
        return change(MulticastGroups::block, group, null, required(source), promise);
    }
}
