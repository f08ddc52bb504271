// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.upstream;

import io.netty.channel.Channel;
import io.pkttraits.proxy.net.ClientNetwork;
import java.util.function.Consumer;

/** A request for a stream, which waits while no connection has room for it. */
final class StreamWaiter {
    private final SharedConnections of;
    private final ClientNetwork client;
    private final long ticket;
    private final Consumer<Channel> onSuccess;
    private final Consumer<Throwable> onFailure;
    private boolean counted;

    /** @param ticket ascends with each request of an event loop */
    StreamWaiter(
            SharedConnections of,
            ClientNetwork client,
            long ticket,
            Consumer<Channel> onSuccess,
            Consumer<Throwable> onFailure) {
        this.of = of;
        this.client = client;
        this.ticket = ticket;
        this.onSuccess = onSuccess;
        this.onFailure = onFailure;
    }

    ClientNetwork client() {
        return client;
    }

    long ticket() {
        return ticket;
    }

    /** Whether it has a part of its client's share. */
    boolean isCounted() {
        return counted;
    }

    void setCounted() {
        counted = true;
    }

    /** Has the stream opened on a connection that has room. */
    void serve(Http2UpstreamConnection connection, Runnable onClosed) {
        connection.open(onSuccess, onFailure, onClosed);
    }

    void fail(Throwable cause) {
        onFailure.accept(cause);
    }

    /** Nobody waits for it any more; nothing happens if it was served. */
    void giveUp() {
        of.giveUp(this);
    }
}
