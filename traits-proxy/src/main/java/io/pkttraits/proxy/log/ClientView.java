// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.log;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.pkttraits.Traits;
import java.net.SocketAddress;

/**
 * What operators see of a client's connection: the same as the access log says. Set on its event loop, and read from any thread.
 *
 * @param peer the client, be it by a PROXY header
 * @param protocol the version of HTTP that it speaks, {@code -} if that is not decided yet
 * @param traits those that were taken of what it brought
 */
public record ClientView(SocketAddress peer, String protocol, Traits traits) {
    private static final AttributeKey<ClientView> KEY = AttributeKey.valueOf(ClientView.class, "KEY");

    /** That of a connection; nothing was taken of one about which nothing is decided yet. */
    public static ClientView of(Channel connection) {
        ClientView decided = connection.attr(KEY).get();
        return decided != null ? decided : new ClientView(null, "-", Traits.EMPTY);
    }

    public void setOn(Channel connection) {
        connection.attr(KEY).set(this);
    }
}
