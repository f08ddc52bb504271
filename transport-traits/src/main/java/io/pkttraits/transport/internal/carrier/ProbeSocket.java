// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.internal.carrier;

import io.netty.channel.unix.Socket;
import java.io.IOException;

/** Closes the throw-away socket of a probe, however the probe ends. */
final class ProbeSocket {
    private ProbeSocket() {}

    /** What a probe does with its socket. */
    interface Use<T> {
        T on(Socket socket) throws IOException;
    }

    static <T> T use(Socket socket, Use<T> use) throws IOException {
        try {
            return use.on(socket);
        } finally {
            socket.close();
        }
    }
}
