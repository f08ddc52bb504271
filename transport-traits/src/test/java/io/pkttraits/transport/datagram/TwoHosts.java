// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.pkttraits.transport.TestNetwork;
import io.pkttraits.transport.TestServer;
import io.pkttraits.transport.internal.carrier.TraitsProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** {@link DatagramSenderMain} on one host, {@link DatagramReceiverMain} on the other. */
final class TwoHosts {
    private final TestNetwork network;
    private final DatagramTransport transport;
    private final String trust;

    /** @param trust the receiver's {@code -Dio.pkttraits.trust} */
    TwoHosts(TestNetwork network, DatagramTransport transport, String trust) {
        this.network = network;
        this.transport = transport;
        this.trust = trust;
    }

    /** Sends messages, and one that says {@code end}, to an address of the server. Returns what both printed. */
    List<String> send(String address, String... messages) throws Exception {
        List<String> lines = new ArrayList<>();
        CompletableFuture<String> port = new CompletableFuture<>();
        CompletableFuture<Void> receiver = CompletableFuture.runAsync(() -> network.on(network.server())
                .property(TraitsProperties.TRUST, trust)
                .runTo(
                        line -> {
                            if (line.startsWith("port=")) {
                                port.complete(line.substring("port=".length()));
                            }
                            if (port.isDone()) { // before that the carrier is logged
                                lines.add(line);
                            }
                        },
                        DatagramReceiverMain.class,
                        transport.name(),
                        address));
        receiver.exceptionally(failure -> {
            port.completeExceptionally(failure);
            return null;
        });
        List<String> args = new ArrayList<>(
                List.of(transport.name(), address, port.get(TestServer.TIMEOUT_SECONDS, TimeUnit.SECONDS)));
        args.addAll(List.of(messages));
        args.add("end");
        String sent = network.on(network.client()).run(DatagramSenderMain.class, args.toArray(new String[0]));
        receiver.get(TestServer.TIMEOUT_SECONDS, TimeUnit.SECONDS);
        lines.addAll(sent.lines().toList());
        return lines;
    }
}
