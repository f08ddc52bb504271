// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.pkttraits.Traits;
import io.pkttraits.proxy.net.IoTransport;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

/** One HTTP/1.1 connection with traits, on which one request at a time is in flight. */
final class Http1TraitsClient implements TraitsClient {
    private final Channel connection;

    Http1TraitsClient(EventLoopGroup group, IoTransport transport, InetSocketAddress address, Traits traits)
            throws InterruptedException {
        connection = TraitsClient.connect(
                group, transport, address, traits, new HttpClientCodec(), new HttpObjectAggregator(64 * 1024));
    }

    @Override
    public CompletableFuture<String> get(String path) {
        CompletableFuture<String> response = new CompletableFuture<>();
        connection.eventLoop().execute(() -> {
            if (connection.pipeline().get(ResponseReceiver.class) != null) {
                connection.pipeline().remove(ResponseReceiver.class);
            }
            connection.pipeline().addLast(new ResponseReceiver(response));
            ResponseReceiver.send(connection, path, response);
        });
        return response;
    }

    @Override
    public void close() {
        connection.close().syncUninterruptibly();
    }
}
