// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.channel.ChannelException;
import java.io.IOException;

/** Runs system calls on a socket where only unchecked exceptions can be thrown, as stock channels' options do. */
final class SocketCalls {
    private SocketCalls() {}

    /** A system call with a result. */
    interface Call<T> {
        T call() throws IOException;
    }

    /** A system call without a result. */
    interface Action {
        void run() throws IOException;
    }

    /** @throws ChannelException if the call fails */
    static <T> T call(Call<T> call) {
        try {
            return call.call();
        } catch (IOException e) {
            throw new ChannelException(e);
        }
    }

    /** @throws ChannelException if the call fails */
    static void run(Action action) {
        try {
            action.run();
        } catch (IOException e) {
            throw new ChannelException(e);
        }
    }
}
