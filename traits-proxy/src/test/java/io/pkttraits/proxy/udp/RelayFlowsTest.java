// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.udp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.Traits;
import io.pkttraits.proxy.Await;
import io.pkttraits.proxy.OnEachTransport;
import io.pkttraits.proxy.net.IoTransport;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One flow per client address: kept apart, bounded, ended when idle, and outliving its upstream. */
@Timeout(120)
@OnEachTransport
class RelayFlowsTest {
    @Parameter
    IoTransport transport;

    private static final String HOST = "127.0.0.1";

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void manyClientsKeepTheirFlowsApart(int threads) throws Exception {
        int clients = 60;
        try (TestPeer upstream = new TestPeer(HOST)) {
            TestRelay.Builder builder = new TestRelay.Builder(transport, upstream.address());
            builder.threads = threads;
            List<TestPeer> peers = new ArrayList<>();
            try (TestRelay relay = builder.start()) {
                for (int i = 0; i < clients; i++) {
                    peers.add(new TestPeer(HOST));
                }
                InetSocketAddress[] flows = new InetSocketAddress[clients];
                for (int round = 0; round < 5; round++) {
                    for (int i = 0; i < clients; i++) {
                        peers.get(i).send(relay.address(), "client " + i, Traits.EMPTY.withInt(4, i));
                    }
                    for (int i = 0; i < clients; i++) {
                        TestPeer.Received request = upstream.next();
                        int client = Integer.parseInt(request.text().substring("client ".length()));
                        assertEquals(Traits.EMPTY.withInt(4, client), request.traits());
                        if (round == 0) {
                            flows[client] = request.sender();
                        }
                        assertEquals(flows[client], request.sender());
                        upstream.send(request.sender(), "for " + client, Traits.EMPTY.withInt(5, client));
                    }
                    for (int i = 0; i < clients; i++) {
                        TestPeer.Received reply = peers.get(i).next("for " + i, Traits.EMPTY.withInt(5, i));
                        assertEquals(relay.address(), reply.sender());
                    }
                }
                assertEquals(clients, Set.of(flows).size());
                assertEquals(clients, relay.total("flows"));
                relay.awaitTotal("to-clients.sent", 5L * clients);
                relay.awaitTotal("to-upstream.sent", 5L * clients);
            } finally {
                peers.forEach(TestPeer::close);
            }
        }
    }

    @Test
    void closedRelayLeavesNoSocketBehind() throws Exception {
        int clients = 16;
        try (TestPeer upstream = new TestPeer(HOST)) {
            for (int round = 0; round < 20; round++) {
                Set<InetSocketAddress> addresses = new HashSet<>();
                List<TestPeer> peers = new ArrayList<>();
                try (TestRelay relay = TestRelay.start(transport, upstream.address())) {
                    addresses.add(relay.address());
                    for (int i = 0; i < clients; i++) {
                        peers.add(new TestPeer(HOST));
                        peers.get(i).send(relay.address(), "there", Traits.EMPTY);
                        addresses.add(upstream.next().sender());
                    }
                } finally {
                    peers.forEach(TestPeer::close);
                }
                assertEquals(clients + 1, addresses.size());
                for (InetSocketAddress address : addresses) {
                    Await.until(() -> isFree(address), () -> address + " is still taken");
                }
            }
        }
    }

    private static boolean isFree(InetSocketAddress address) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(address)) {
            assertEquals(address, socket.getLocalSocketAddress());
            return true;
        } catch (BindException e) {
            return false;
        }
    }

    @Test
    void idleFlowEndsAndTheNextDatagramOpensAnother() throws Exception {
        try (TestPeer upstream = new TestPeer(HOST);
                TestPeer client = new TestPeer(HOST)) {
            TestRelay.Builder builder = new TestRelay.Builder(transport, upstream.address());
            builder.idleTimeout = Duration.ofMillis(50);
            try (TestRelay relay = builder.start()) {
                Set<InetSocketAddress> flows = new HashSet<>();
                for (int i = 1; i <= 3; i++) {
                    client.send(relay.address(), "there", Traits.EMPTY);
                    flows.add(upstream.next().sender());
                    relay.awaitTotal("expired", i);
                }
                assertEquals(3, relay.total("flows"));
                assertTrue(flows.size() > 1, "the kernel gave one port three times");
            }
        }
    }

    @Test
    void furtherClientsAreDroppedUntilAFlowEnds() throws Exception {
        try (TestPeer upstream = new TestPeer(HOST);
                TestPeer first = new TestPeer(HOST);
                TestPeer second = new TestPeer(HOST);
                TestPeer third = new TestPeer(HOST)) {
            TestRelay.Builder builder = new TestRelay.Builder(transport, upstream.address());
            builder.maxFlows = 2;
            builder.idleTimeout = Duration.ofSeconds(5);
            try (TestRelay relay = builder.start()) {
                first.send(relay.address(), "1", Traits.EMPTY);
                second.send(relay.address(), "2", Traits.EMPTY);
                third.send(relay.address(), "3", Traits.EMPTY);
                relay.awaitTotal("dropped.flow-limit", 1);
                assertEquals("1", upstream.next().text());
                TestPeer.Received other = upstream.next();
                assertEquals("2", other.text());
                upstream.send(other.sender(), "still here", Traits.EMPTY);
                second.next("still here", Traits.EMPTY);
                assertTrue(upstream.hasNone());
                relay.awaitTotal("expired", 2);
                third.send(relay.address(), "now", Traits.EMPTY);
                assertEquals("now", upstream.next().text());
                relay.awaitTotal("to-upstream.sent", 3);
                assertEquals(4, relay.total("to-upstream.received"));
            }
        }
    }

    @Test
    void deadUpstreamIsCountedAndServedAgainWhenItIsBack() throws Exception {
        InetSocketAddress upstreamAddress;
        try (TestPeer upstream = new TestPeer(HOST)) {
            upstreamAddress = upstream.address();
        }
        try (TestPeer client = new TestPeer(HOST);
                TestRelay relay = TestRelay.start(transport, upstreamAddress)) {
            for (int i = 1; i <= 3; i++) {
                client.send(relay.address(), "into the void", Traits.EMPTY);
                relay.awaitTotal("upstream-errors", i);
            }
            try (TestPeer upstream = new TestPeer(HOST, upstreamAddress.getPort())) {
                client.send(relay.address(), "back", Traits.EMPTY);
                TestPeer.Received request = upstream.next("back", Traits.EMPTY);
                upstream.send(request.sender(), "welcome", Traits.EMPTY);
                client.next("welcome", Traits.EMPTY);
            }
            assertEquals(1, relay.total("flows"));
            relay.awaitTotal("to-upstream.sent", 4);
        }
    }

    @Test
    void unreachableUpstreamIsCountedAndTakesNoRoomOfOthers() throws Exception {
        // Broadcast needs a permission that the relay does not have, so that connect fails.
        try (TestPeer client = new TestPeer(HOST)) {
            TestRelay.Builder builder = new TestRelay.Builder(transport, new InetSocketAddress("255.255.255.255", 9));
            builder.maxFlows = 1;
            try (TestRelay relay = builder.start()) {
                for (int i = 1; i <= 3; i++) {
                    client.send(relay.address(), "no way", Traits.EMPTY);
                    relay.awaitTotal("dropped.no-flow", i);
                }
                assertEquals(0, relay.total("flows"));
                assertEquals(0, relay.total("dropped.flow-limit"));
                assertEquals(3, relay.total("to-upstream.received"));
            }
        }
    }

    @Test
    void clientThatIsGoneHarmsNobody() throws Exception {
        try (TestPeer upstream = new TestPeer(HOST);
                TestPeer staying = new TestPeer(HOST);
                TestRelay relay = TestRelay.start(transport, upstream.address())) {
            InetSocketAddress gone;
            try (TestPeer leaving = new TestPeer(HOST)) {
                leaving.send(relay.address(), "bye", Traits.EMPTY);
                gone = upstream.next().sender();
            }
            staying.send(relay.address(), "hello", Traits.EMPTY);
            InetSocketAddress stays = upstream.next().sender();
            for (int i = 0; i < 10; i++) {
                upstream.send(gone, "too late", Traits.EMPTY);
                upstream.send(stays, "reply " + i, Traits.EMPTY);
                staying.next("reply " + i, Traits.EMPTY);
            }
            relay.awaitTotal("to-clients.sent", 20);
        }
    }

    @Test
    void relayToItselfIsRefused() throws Exception {
        int port;
        try (TestPeer free = new TestPeer(HOST)) {
            port = free.address().getPort();
        }
        InetSocketAddress itself = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        TestRelay.Builder builder = new TestRelay.Builder(transport, itself);
        builder.port = port;
        IOException refused = assertThrows(IOException.class, builder::start);
        assertEquals("the upstream is the relay itself", refused.getMessage());
    }
}
