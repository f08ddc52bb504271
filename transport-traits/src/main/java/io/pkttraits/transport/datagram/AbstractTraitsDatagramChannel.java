// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.channel.Channel;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.DatagramChannelConfig;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.UnixChannel;
import io.netty.channel.unix.UnixChannelUtil;
import io.pkttraits.Traits;
import io.pkttraits.transport.TraitsException;
import io.pkttraits.transport.internal.carrier.DatagramCarrier;
import io.pkttraits.transport.internal.carrier.Netty42;
import io.pkttraits.transport.internal.sys.DatagramSyscalls;
import io.pkttraits.transport.internal.sys.WireFamily;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.UnresolvedAddressException;
import java.util.function.Supplier;

/** The part of a datagram channel with traits that is the same on every transport: socket, addresses and options. */
abstract class AbstractTraitsDatagramChannel extends AbstractMulticastChannel
        implements TraitsDatagramChannel, UnixChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(true, 16);

    final UdpSocket socket;
    final TraitsDatagramChannelConfig traitsConfig;
    private volatile boolean active;
    private volatile boolean connected;
    private volatile InetSocketAddress local;
    private volatile InetSocketAddress remote;
    private IoRegistration registration;

    AbstractTraitsDatagramChannel(
            ProtocolFamily family, DatagramCarrier carrier, Supplier<DatagramTransportOptions> transport) {
        this(() -> UdpSocket.open(UdpSocket.isIpv6(family)), true, carrier, transport);
    }

    /** A channel of a socket that was opened elsewhere. It is active from the start. */
    AbstractTraitsDatagramChannel(int fd, DatagramCarrier carrier, Supplier<DatagramTransportOptions> transport) {
        this(() -> UdpSocket.adopt(fd), false, carrier, transport);
        local = socket.localAddress();
        remote = socket.remoteAddress();
        connected = remote != null;
        active = true;
    }

    /** @param closeIfFailed whether the socket is closed if this constructor fails */
    private AbstractTraitsDatagramChannel(
            SocketCalls.Call<UdpSocket> source,
            boolean closeIfFailed,
            DatagramCarrier carrier,
            Supplier<DatagramTransportOptions> transport) {
        super(requireAvailable());
        socket = SocketCalls.call(source);
        boolean done = false;
        try {
            traitsConfig = new TraitsDatagramChannelConfig(this, socket, carrier, transport.get());
            done = true;
        } finally {
            if (!done && closeIfFailed) {
                SocketCalls.run(socket::close);
            }
        }
    }

    /** Returns the parent, which such channels do not have. Called first, because Netty's classes may be missing. */
    private static Channel requireAvailable() {
        String missing = Netty42.unavailability();
        if (missing == null) {
            missing = DatagramSyscalls.unavailability();
        }
        if (missing != null) {
            throw new UnsupportedOperationException(missing);
        }
        return null;
    }

    @Override
    final UdpSocket socket() {
        return socket;
    }

    /** The registration with the event loop, {@code null} if there is none. */
    final IoRegistration registration() {
        return registration;
    }

    /** The type of what {@link #newHandle} returns. */
    abstract Class<? extends IoHandle> handleType();

    /** Creates what the event loop calls during the registration that begins. */
    abstract IoHandle newHandle();

    /** Called on the event loop when the registration has just begun. */
    abstract void registrationBegun();

    /** Called on the event loop before the registration ends, when it can be used for the last time. */
    abstract void registrationEnding(IoRegistration ending);

    /** Called from any thread when autoRead was switched off. */
    abstract void autoReadCleared();

    /** Called from any thread when received datagrams may bring more control messages than before. */
    abstract void controlLengthChanged();

    @Override
    public final DatagramChannelConfig config() {
        return traitsConfig;
    }

    @Override
    public final ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public final FileDescriptor fd() {
        return socket;
    }

    @Override
    public final boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public final boolean isActive() {
        return socket.isOpen() && (active || (traitsConfig.isActiveOnRegistration() && isRegistered()));
    }

    @Override
    public final boolean isConnected() {
        return connected;
    }

    @Override
    protected final SocketAddress localAddress0() {
        return local;
    }

    @Override
    protected final SocketAddress remoteAddress0() {
        return remote;
    }

    final RecvByteBufAllocator.ExtendedHandle allocHandle() {
        return (RecvByteBufAllocator.ExtendedHandle) unsafe().recvBufAllocHandle();
    }

    /** The connected peer, or {@code null}. */
    final InetSocketAddress peer() {
        return remote;
    }

    @Override
    protected final boolean isCompatible(EventLoop loop) {
        return loop instanceof IoEventLoop ioLoop && ioLoop.isCompatible(handleType());
    }

    @Override
    protected final void doRegister(ChannelPromise promise) {
        ((IoEventLoop) eventLoop()).register(newHandle()).addListener(future -> {
            if (future.isSuccess()) {
                registration = (IoRegistration) future.getNow();
                registrationBegun();
                promise.setSuccess();
            } else {
                promise.setFailure(future.cause());
            }
        });
    }

    @Override
    protected final void doDeregister() {
        IoRegistration current = registration;
        if (current != null) {
            registrationEnding(current);
            registration = null;
            current.cancel();
        }
    }

    @Override
    protected final void doBind(SocketAddress address) throws Exception {
        InetSocketAddress inet = requireResolved(address);
        if (socket.isIpv6()
                && inet.getAddress() instanceof Inet4Address
                && inet.getAddress().isAnyLocalAddress()) {
            // The wildcard of both families, as with NIO.
            inet = new InetSocketAddress(InetAddress.getByAddress(new byte[16]), inet.getPort());
        }
        socket.bind(inet);
        local = socket.localAddress();
        active = true;
    }

    private static InetSocketAddress requireResolved(SocketAddress address) {
        InetSocketAddress inet = (InetSocketAddress) address;
        if (inet.isUnresolved()) {
            throw new UnresolvedAddressException();
        }
        return inet;
    }

    private void doConnect(SocketAddress remoteAddress, SocketAddress localAddress) throws IOException {
        InetSocketAddress target = requireResolved(remoteAddress);
        if (remote != null) {
            throw new AlreadyConnectedException();
        }
        if (localAddress != null) {
            socket.bind(requireResolved(localAddress));
        }
        socket.connect(target);
        remote = UnixChannelUtil.computeRemoteAddr(target, socket.remoteAddress());
        local = socket.localAddress();
        connected = true;
        active = true;
    }

    @Override
    protected final void doDisconnect() throws Exception {
        socket.disconnect();
        connected = false;
        remote = null;
        local = socket.localAddress();
        // If connect has bound the port, disconnect unbinds it.
        active = local != null && local.getPort() != 0;
        invalidateAddresses();
    }

    @SuppressWarnings("deprecation") // what AbstractChannel keeps must not outlive a disconnect
    private void invalidateAddresses() {
        invalidateLocalAddress();
        invalidateRemoteAddress();
    }

    @Override
    protected final void doClose() throws Exception {
        active = false;
        connected = false;
        try {
            doDeregister();
        } finally {
            socket.close();
        }
    }

    @Override
    public final void ensureSendable(Traits traits, InetSocketAddress recipient) throws TraitsException {
        if (!traits.isEmpty()) {
            traitsConfig.carrier().requireSendable(traits, WireFamily.isIpv4(recipient.getAddress()));
        }
    }

    @Override
    protected final Object filterOutboundMessage(Object msg) throws Exception {
        return OutboundFilter.filter(
                msg, traitsConfig.carrier(), traitsConfig.getUnsendablePolicy(), remote, isGsoSupported(), alloc());
    }

    /** Returns true if {@link io.netty.channel.unix.SegmentedDatagramPacket}s can be sent. */
    abstract boolean isGsoSupported();

    /** Connects for the pipeline. A datagram socket connects immediately. */
    abstract class TraitsUnsafe extends AbstractUnsafe {
        @Override
        public final void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
            if (!promise.setUncancellable() || !ensureOpen(promise)) {
                return;
            }
            boolean wasActive = isActive();
            try {
                doConnect(remote, local);
            } catch (AlreadyConnectedException | UnresolvedAddressException e) {
                promise.tryFailure(annotateConnectException(e, remote));
                return;
            } catch (IOException | RuntimeException e) {
                promise.tryFailure(annotateConnectException(e, remote));
                // As stock channels do.
                close(voidPromise());
                return;
            }
            safeSetSuccess(promise);
            if (!wasActive && isActive()) {
                pipeline().fireChannelActive();
            }
        }
    }
}
