// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/** Netty 4.2's io_uring. */
public final class IoUringTestTransport implements TestTransport {
    @Override
    public EventLoopGroup newGroup(int threads) {
        return new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory(toString(), true), IoUringIoHandler.newFactory());
    }

    @Override
    public Class<? extends ServerChannel> serverChannel() {
        return IoUringServerSocketChannel.class;
    }

    @Override
    public Class<? extends Channel> channel() {
        return IoUringSocketChannel.class;
    }

    @Override
    public boolean takesUnixOptions() {
        return true;
    }

    @Override
    public String toString() {
        return "io_uring";
    }
}
