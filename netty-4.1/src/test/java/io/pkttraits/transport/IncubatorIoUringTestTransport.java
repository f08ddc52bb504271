// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.incubator.channel.uring.IOUringEventLoopGroup;
import io.netty.incubator.channel.uring.IOUringServerSocketChannel;
import io.netty.incubator.channel.uring.IOUringSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/** The incubator's io_uring, for Netty 4.1. Its channels know no options by number. */
public final class IncubatorIoUringTestTransport implements TestTransport {
    @Override
    public EventLoopGroup newGroup(int threads) {
        return new IOUringEventLoopGroup(threads, new DefaultThreadFactory(toString(), true));
    }

    @Override
    public Class<? extends ServerChannel> serverChannel() {
        return IOUringServerSocketChannel.class;
    }

    @Override
    public Class<? extends Channel> channel() {
        return IOUringSocketChannel.class;
    }

    @Override
    public boolean takesUnixOptions() {
        return false;
    }

    @Override
    public String toString() {
        return "io_uring of the incubator";
    }
}
