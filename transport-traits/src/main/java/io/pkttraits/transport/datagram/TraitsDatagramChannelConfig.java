// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DatagramChannelConfig;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import io.pkttraits.transport.UnsendablePolicy;
import io.pkttraits.transport.internal.carrier.DatagramCarrier;
import io.pkttraits.transport.internal.sys.SocketOption;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.util.Map;

/** The options of a datagram channel with traits, on every transport. */
final class TraitsDatagramChannelConfig extends DefaultChannelConfig implements DatagramChannelConfig {
    /** The default of stock native datagram channels, in bytes. */
    private static final int DEFAULT_RECEIVE_BUFFER = 2048;

    private final AbstractTraitsDatagramChannel traitsChannel;
    private final UdpSocket socket;
    private final DatagramCarrier carrier;
    private final DatagramOptionTable table;
    private volatile int maxDatagramPayloadSize;
    private volatile boolean activeOnRegistration;
    private volatile boolean receiveTraits;
    private volatile UnsendablePolicy unsendablePolicy = UnsendablePolicy.FAIL;
    private volatile boolean udpGro;
    private volatile boolean recvOrigDestAddr;
    private volatile NetworkInterface multicastInterface;
    private volatile RecipientDecorator recipientDecorator = RecipientDecorator.NONE;

    TraitsDatagramChannelConfig(
            AbstractTraitsDatagramChannel channel,
            UdpSocket socket,
            DatagramCarrier carrier,
            DatagramTransportOptions transport) {
        super(channel, new FixedRecvByteBufAllocator(DEFAULT_RECEIVE_BUFFER));
        traitsChannel = channel;
        this.socket = socket;
        this.carrier = carrier;
        table = new DatagramOptionTable(this, socket, transport);
        setReceiveTraits(true);
    }

    AbstractTraitsDatagramChannel channel() {
        return traitsChannel;
    }

    DatagramCarrier carrier() {
        return carrier;
    }

    /** Bytes of control buffer that traits may take with each received datagram. */
    int traitsControlLength() {
        return receiveTraits ? carrier.receiveControlLength(socket.isIpv6()) : 0;
    }

    boolean isReceiveTraits() {
        return receiveTraits;
    }

    void setReceiveTraits(boolean on) {
        SocketCalls.run(() -> carrier.setReceive(socket, socket.isIpv6(), on));
        receiveTraits = on;
        traitsChannel.controlLengthChanged();
    }

    RecipientDecorator getRecipientDecorator() {
        return recipientDecorator;
    }

    void setRecipientDecorator(RecipientDecorator decorator) {
        recipientDecorator = decorator;
    }

    UnsendablePolicy getUnsendablePolicy() {
        return unsendablePolicy;
    }

    void setUnsendablePolicy(UnsendablePolicy policy) {
        unsendablePolicy = policy;
    }

    int getMaxDatagramPayloadSize() {
        return maxDatagramPayloadSize;
    }

    void setMaxDatagramPayloadSize(int size) {
        if (size < 0) {
            throw new IllegalArgumentException("MAX_DATAGRAM_PAYLOAD_SIZE " + size + " is negative");
        }
        maxDatagramPayloadSize = size;
    }

    boolean isActiveOnRegistration() {
        return activeOnRegistration;
    }

    void setActiveOnRegistration(boolean on) {
        if (channel.isRegistered()) {
            throw new IllegalStateException("can only be changed before the channel is registered");
        }
        activeOnRegistration = on;
    }

    boolean isUdpGro() {
        return udpGro;
    }

    void setUdpGro(boolean on) {
        SocketCalls.run(() -> socket.setIntOpt(SocketOption.SOL_UDP, ReceivedPackets.UDP_GRO, on ? 1 : 0));
        udpGro = on;
    }

    boolean isIpRecvOrigDestAddr() {
        return recvOrigDestAddr;
    }

    void setIpRecvOrigDestAddr(boolean on) {
        SocketCalls.run(() -> socket.setIntOpt(SocketOption.SOL_IP, ReceivedPackets.IP_ORIGDSTADDR, on ? 1 : 0));
        recvOrigDestAddr = on;
        traitsChannel.controlLengthChanged();
    }

    @Override
    public Map<ChannelOption<?>, Object> getOptions() {
        return getOptions(super.getOptions(), table.options());
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T getOption(ChannelOption<T> option) {
        if (option instanceof IntegerUnixChannelOption opt) {
            return (T) Integer.valueOf(SocketCalls.call(() -> socket.getIntOpt(opt.level(), opt.optname())));
        }
        if (option instanceof RawUnixChannelOption opt) {
            ByteBuffer out = ByteBuffer.allocate(opt.length());
            SocketCalls.run(() -> socket.getRawOpt(opt.level(), opt.optname(), out));
            return (T) out.flip();
        }
        DatagramOptionTable.Entry<T> entry = table.entry(option);
        return entry == null ? super.getOption(option) : entry.getter().get();
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        validate(option, value);
        if (option instanceof IntegerUnixChannelOption opt) {
            SocketCalls.run(() -> socket.setIntOpt(opt.level(), opt.optname(), (Integer) value));
            return true;
        }
        if (option instanceof RawUnixChannelOption opt) {
            SocketCalls.run(() -> socket.setRawOpt(opt.level(), opt.optname(), (ByteBuffer) value));
            return true;
        }
        DatagramOptionTable.Entry<T> entry = table.entry(option);
        if (entry == null) {
            return super.setOption(option, value);
        }
        entry.setter().accept(value);
        return true;
    }

    @Override
    protected void autoReadCleared() {
        traitsChannel.autoReadCleared();
    }

    @Override
    public int getSendBufferSize() {
        return SocketCalls.call(socket::getSendBufferSize);
    }

    @Override
    public TraitsDatagramChannelConfig setSendBufferSize(int size) {
        SocketCalls.run(() -> socket.setSendBufferSize(size));
        return this;
    }

    @Override
    public int getReceiveBufferSize() {
        return SocketCalls.call(socket::getReceiveBufferSize);
    }

    @Override
    public TraitsDatagramChannelConfig setReceiveBufferSize(int size) {
        SocketCalls.run(() -> socket.setReceiveBufferSize(size));
        return this;
    }

    @Override
    public int getTrafficClass() {
        return SocketCalls.call(socket::getTrafficClass);
    }

    @Override
    public TraitsDatagramChannelConfig setTrafficClass(int trafficClass) {
        SocketCalls.run(() -> socket.setTrafficClass(trafficClass));
        return this;
    }

    @Override
    public boolean isReuseAddress() {
        return SocketCalls.call(socket::isReuseAddress);
    }

    @Override
    public TraitsDatagramChannelConfig setReuseAddress(boolean on) {
        SocketCalls.run(() -> socket.setReuseAddress(on));
        return this;
    }

    @Override
    public boolean isBroadcast() {
        return SocketCalls.call(socket::isBroadcast);
    }

    @Override
    public TraitsDatagramChannelConfig setBroadcast(boolean on) {
        SocketCalls.run(() -> socket.setBroadcast(on));
        return this;
    }

    @Override
    public boolean isLoopbackModeDisabled() {
        return !SocketCalls.call(socket::isMulticastLoop);
    }

    @Override
    public TraitsDatagramChannelConfig setLoopbackModeDisabled(boolean disabled) {
        SocketCalls.run(() -> socket.setMulticastLoop(!disabled));
        return this;
    }

    @Override
    public int getTimeToLive() {
        return SocketCalls.call(socket::getMulticastTtl);
    }

    @Override
    public TraitsDatagramChannelConfig setTimeToLive(int ttl) {
        SocketCalls.run(() -> socket.setMulticastTtl(ttl));
        return this;
    }

    @Override
    public InetAddress getInterface() {
        NetworkInterface on = multicastInterface;
        return on == null ? null : on.inetAddresses().findFirst().orElse(null);
    }

    @Override
    public TraitsDatagramChannelConfig setInterface(InetAddress address) {
        return setNetworkInterface(SocketCalls.call(() -> NetworkInterface.getByInetAddress(address)));
    }

    /** The interface that was set, or {@code null}. */
    @Override
    public NetworkInterface getNetworkInterface() {
        return multicastInterface;
    }

    @Override
    public TraitsDatagramChannelConfig setNetworkInterface(NetworkInterface on) {
        SocketCalls.run(() -> socket.setMulticastInterface(on.getIndex()));
        multicastInterface = on;
        return this;
    }

    @Override
    public TraitsDatagramChannelConfig setConnectTimeoutMillis(int millis) {
        super.setConnectTimeoutMillis(millis);
        return this;
    }

    @Override
    @Deprecated
    public TraitsDatagramChannelConfig setMaxMessagesPerRead(int max) {
        super.setMaxMessagesPerRead(max);
        return this;
    }

    @Override
    public TraitsDatagramChannelConfig setWriteSpinCount(int count) {
        super.setWriteSpinCount(count);
        return this;
    }

    @Override
    public TraitsDatagramChannelConfig setAllocator(ByteBufAllocator allocator) {
        super.setAllocator(allocator);
        return this;
    }

    @Override
    public TraitsDatagramChannelConfig setRecvByteBufAllocator(RecvByteBufAllocator allocator) {
        super.setRecvByteBufAllocator(allocator);
        return this;
    }

    @Override
    public TraitsDatagramChannelConfig setAutoRead(boolean autoRead) {
        super.setAutoRead(autoRead);
        return this;
    }

    @Override
    public TraitsDatagramChannelConfig setAutoClose(boolean autoClose) {
        super.setAutoClose(autoClose);
        return this;
    }

    @Override
    public TraitsDatagramChannelConfig setMessageSizeEstimator(MessageSizeEstimator estimator) {
        super.setMessageSizeEstimator(estimator);
        return this;
    }

    @Override
    public TraitsDatagramChannelConfig setWriteBufferWaterMark(WriteBufferWaterMark mark) {
        super.setWriteBufferWaterMark(mark);
        return this;
    }
}
