// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.admin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clients that want to be told what changes (server-sent events, WHATWG HTML section 9.2). An event is made once for all of
 * them, and one that has not taken the last ones yet goes without it.
 *
 * <p>Confined to one event loop.
 */
final class EventStreams {
    /** Clients at a time. */
    static final int MAX = 16;

    private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);

    private final Set<Channel> clients = new LinkedHashSet<>();
    private final Supplier<String> line;

    /** @param line makes the data of an event, which must be one line */
    EventStreams(Supplier<String> line) {
        this.line = line;
    }

    /** Returns {@code false}, and does nothing, if there are too many already. */
    boolean add(Channel client) {
        if (clients.size() >= MAX) {
            return false;
        }
        clients.add(client);
        client.closeFuture().addListener(future -> clients.remove(client));
        return true;
    }

    void send() {
        if (clients.isEmpty()) {
            return;
        }
        String data;
        try {
            data = line.get();
        } catch (RuntimeException e) {
            LOG.warn("no live view this time", e);
            return;
        }
        ByteBuf event = Unpooled.copiedBuffer("data: " + data + "\n\n", StandardCharsets.UTF_8);
        try {
            for (Channel client : List.copyOf(clients)) {
                if (client.isWritable()) {
                    client.writeAndFlush(new DefaultHttpContent(event.retainedDuplicate()));
                }
            }
        } finally {
            event.release();
        }
    }
}
