// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.channel.ChannelOption;
import io.pkttraits.transport.internal.sys.SocketOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Maps each channel option of a datagram channel to its getter and setter. */
final class DatagramOptionTable {
    private static final int IP_FREEBIND = 15;
    private static final int IP_TRANSPARENT = 19;

    private final Map<ChannelOption<?>, Entry<?>> entries = new LinkedHashMap<>();

    /** How one option is read and set. */
    record Entry<T>(Supplier<T> getter, Consumer<T> setter) {}

    @SuppressWarnings("deprecation") // DATAGRAM_CHANNEL_ACTIVE_ON_REGISTRATION, which stock channels still take
    DatagramOptionTable(TraitsDatagramChannelConfig config, UdpSocket socket, DatagramTransportOptions transport) {
        add(ChannelOption.SO_BROADCAST, config::isBroadcast, config::setBroadcast);
        add(ChannelOption.SO_RCVBUF, config::getReceiveBufferSize, config::setReceiveBufferSize);
        add(ChannelOption.SO_SNDBUF, config::getSendBufferSize, config::setSendBufferSize);
        add(ChannelOption.SO_REUSEADDR, config::isReuseAddress, config::setReuseAddress);
        add(ChannelOption.IP_MULTICAST_LOOP_DISABLED, config::isLoopbackModeDisabled, config::setLoopbackModeDisabled);
        add(ChannelOption.IP_MULTICAST_ADDR, config::getInterface, config::setInterface);
        add(ChannelOption.IP_MULTICAST_IF, config::getNetworkInterface, config::setNetworkInterface);
        add(ChannelOption.IP_MULTICAST_TTL, config::getTimeToLive, config::setTimeToLive);
        add(ChannelOption.IP_TOS, config::getTrafficClass, config::setTrafficClass);
        add(
                ChannelOption.DATAGRAM_CHANNEL_ACTIVE_ON_REGISTRATION,
                config::isActiveOnRegistration,
                config::setActiveOnRegistration);
        add(TraitsDatagramChannelOption.SO_RCV_PKT_TRAITS, config::isReceiveTraits, config::setReceiveTraits);
        add(TraitsDatagramChannelOption.UNSENDABLE_POLICY, config::getUnsendablePolicy, config::setUnsendablePolicy);
        add(
                TraitsDatagramChannelOption.RECIPIENT_DECORATOR,
                config::getRecipientDecorator,
                config::setRecipientDecorator);
        add(transport.maxDatagramPayloadSize(), config::getMaxDatagramPayloadSize, config::setMaxDatagramPayloadSize);
        add(TraitsDatagramChannelOption.UDP_GRO, config::isUdpGro, config::setUdpGro);
        add(
                TraitsDatagramChannelOption.IP_RECVORIGDSTADDR,
                config::isIpRecvOrigDestAddr,
                config::setIpRecvOrigDestAddr);
        // Today the same two, on both transports.
        add(transport.udpGro(), config::isUdpGro, config::setUdpGro);
        add(transport.recvOrigDstAddr(), config::isIpRecvOrigDestAddr, config::setIpRecvOrigDestAddr);
        add(
                transport.reusePort(),
                () -> SocketCalls.call(socket::isReusePort),
                on -> SocketCalls.run(() -> socket.setReusePort(on)));
        transport.constants().forEach(this::addConstant);
        addFlag(transport.freeBind(), socket, IP_FREEBIND);
        addFlag(transport.transparent(), socket, IP_TRANSPARENT);
        add(
                transport.multicastAll(),
                () -> SocketCalls.call(socket::isMulticastAll),
                on -> SocketCalls.run(() -> socket.setMulticastAll(on)));
    }

    private <T> void add(ChannelOption<T> option, Supplier<T> getter, Consumer<T> setter) {
        entries.put(option, new Entry<>(getter, setter));
    }

    /** An option that accepts any value and always has the same one. */
    @SuppressWarnings("unchecked") // whatever is set is ignored
    private <T> void addConstant(ChannelOption<T> option, Object value) {
        add(option, () -> (T) value, ignored -> {});
    }

    /** An option of {@code SOL_IP} that serves both families. */
    private void addFlag(ChannelOption<Boolean> option, UdpSocket socket, int optname) {
        add(
                option,
                () -> SocketCalls.call(() -> socket.getIntOpt(SocketOption.SOL_IP, optname) != 0),
                on -> SocketCalls.run(() -> socket.setIntOpt(SocketOption.SOL_IP, optname, on ? 1 : 0)));
    }

    /** Returns the option's entry, or {@code null} if it has none. */
    @SuppressWarnings("unchecked") // add() puts entries of the option's type
    <T> Entry<T> entry(ChannelOption<T> option) {
        return (Entry<T>) entries.get(option);
    }

    ChannelOption<?>[] options() {
        return entries.keySet().toArray(new ChannelOption<?>[0]);
    }
}
