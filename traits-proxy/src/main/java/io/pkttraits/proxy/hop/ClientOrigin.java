// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.hop;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.pkttraits.Traits;
import io.pkttraits.transport.SynTraits;
import java.net.SocketAddress;

/**
 * Where a client's connection comes from: what its PROXY header says, or else the socket.
 *
 * @param source the client's address
 * @param destination the address that the client connected to
 * @param traits those that the connection brought
 */
public record ClientOrigin(SocketAddress source, SocketAddress destination, Traits traits) {
    private static final AttributeKey<ClientOrigin> KEY = AttributeKey.valueOf(ClientOrigin.class, "KEY");

    /** That of an accepted TCP connection, whose PROXY header has been read if it has one. */
    public static ClientOrigin of(Channel accepted) {
        ClientOrigin proxied = accepted.attr(KEY).get();
        return proxied != null
                ? proxied
                : new ClientOrigin(accepted.remoteAddress(), accepted.localAddress(), SynTraits.of(accepted));
    }

    void setOn(Channel accepted) {
        accepted.attr(KEY).set(this);
    }
}
