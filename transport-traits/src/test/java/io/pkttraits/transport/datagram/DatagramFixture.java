// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.socket.DatagramChannel;
import io.pkttraits.transport.internal.carrier.DatagramCarrier;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Channels of one transport and family, on loopback, closed with it. */
public final class DatagramFixture implements AutoCloseable {
    final DatagramFamily family;
    final DatagramTransport transport;
    private final List<DatagramChannel> channels = new ArrayList<>();

    public DatagramFixture(DatagramTransport transport, DatagramFamily family) {
        this.transport = transport;
        this.family = family;
    }

    public DatagramChannel bind(ChannelHandler handler) throws InterruptedException {
        return bind(handler, bootstrap -> {});
    }

    DatagramChannel bind(ChannelHandler handler, Consumer<Bootstrap> options) throws InterruptedException {
        Bootstrap bootstrap = transport.bootstrap(family.sockets, handler);
        options.accept(bootstrap);
        return bind(bootstrap, family.bindAddress());
    }

    /** With a carrier of the test's own. */
    DatagramChannel bind(DatagramCarrier carrier, ChannelHandler handler, Consumer<Bootstrap> options)
            throws InterruptedException {
        Bootstrap bootstrap = transport.bootstrap(family.sockets, carrier, handler);
        options.accept(bootstrap);
        return bind(bootstrap, family.bindAddress());
    }

    DatagramChannel bind(Bootstrap bootstrap, InetSocketAddress local) throws InterruptedException {
        return opened((DatagramChannel) bootstrap.bind(local).sync().channel());
    }

    DatagramChannel connect(ChannelHandler handler, InetSocketAddress remote) throws InterruptedException {
        return connect(handler, remote, bootstrap -> {});
    }

    DatagramChannel connect(ChannelHandler handler, InetSocketAddress remote, Consumer<Bootstrap> options)
            throws InterruptedException {
        Bootstrap bootstrap = transport.bootstrap(family.sockets, handler);
        options.accept(bootstrap);
        return opened((DatagramChannel) bootstrap.connect(remote).sync().channel());
    }

    /** Closes the channel in the end. */
    DatagramChannel opened(DatagramChannel channel) {
        channels.add(channel);
        return channel;
    }

    /** Where a channel is reached from the others. */
    public InetSocketAddress to(DatagramChannel channel) {
        return new InetSocketAddress(family.loopback(), channel.localAddress().getPort());
    }

    public static ByteBuf text(String text) {
        return Unpooled.directBuffer().writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() {
        channels.forEach(channel -> channel.close().syncUninterruptibly());
    }
}
