// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/** Netty 4.2's epoll. */
public final class EpollTestTransport implements TestTransport {
    @Override
    public EventLoopGroup newGroup(int threads) {
        return new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory(toString(), true), EpollIoHandler.newFactory());
    }

    @Override
    public Class<? extends ServerChannel> serverChannel() {
        return EpollServerSocketChannel.class;
    }

    @Override
    public Class<? extends Channel> channel() {
        return EpollSocketChannel.class;
    }

    @Override
    public boolean takesUnixOptions() {
        return true;
    }

    @Override
    public String toString() {
        return "epoll";
    }
}
