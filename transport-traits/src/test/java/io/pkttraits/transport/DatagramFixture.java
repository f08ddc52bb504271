// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.socket.DatagramChannel;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Channels of one transport and family, on loopback, closed with it. */
final class DatagramFixture implements AutoCloseable {
    final DatagramFamily family;
    private final DatagramTransport transport;
    private final List<DatagramChannel> channels = new ArrayList<>();

    DatagramFixture(DatagramTransport transport, DatagramFamily family) {
        this.transport = transport;
        this.family = family;
    }

    DatagramChannel bind(DatagramInbox inbox) throws InterruptedException {
        return bind(inbox, bootstrap -> {});
    }

    DatagramChannel bind(DatagramInbox inbox, Consumer<Bootstrap> options) throws InterruptedException {
        Bootstrap bootstrap = transport.bootstrap(family.sockets, inbox);
        options.accept(bootstrap);
        return opened(
                (DatagramChannel) bootstrap.bind(family.bindAddress()).sync().channel());
    }

    DatagramChannel connect(DatagramInbox inbox, InetSocketAddress remote) throws InterruptedException {
        Bootstrap bootstrap = transport.bootstrap(family.sockets, inbox);
        return opened((DatagramChannel) bootstrap.connect(remote).sync().channel());
    }

    private DatagramChannel opened(DatagramChannel channel) {
        channels.add(channel);
        return channel;
    }

    /** Where a channel is reached from the others. */
    InetSocketAddress to(DatagramChannel channel) {
        return new InetSocketAddress(family.loopback(), channel.localAddress().getPort());
    }

    static ByteBuf text(String text) {
        return Unpooled.directBuffer().writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() {
        channels.forEach(channel -> channel.close().syncUninterruptibly());
    }
}
