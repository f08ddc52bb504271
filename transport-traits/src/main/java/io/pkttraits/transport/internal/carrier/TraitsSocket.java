// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import io.netty.channel.Channel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;

/** Finds the TCP socket under a channel of a native transport. */
public final class TraitsSocket {
    /** What to use where {@link #of} finds no socket, for messages. */
    public static final String SUPPORTED = "use Netty's epoll or io_uring channels"
            + " (EpollSocketChannel and EpollServerSocketChannel, IoUringSocketChannel and IoUringServerSocketChannel)";

    private TraitsSocket() {}

    /** The socket of a TCP channel, or {@code null} where options cannot be set by number: NIO, local, Unix domain. */
    public static Socket of(Channel channel) {
        if (channel instanceof UnixChannel unix
                && (channel instanceof SocketChannel || channel instanceof ServerSocketChannel)) {
            FileDescriptor fd = unix.fd();
            return fd instanceof Socket socket ? socket : new Socket(fd.intValue());
        }
        return null;
    }
}
