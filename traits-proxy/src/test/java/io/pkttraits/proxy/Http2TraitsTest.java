// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.pkttraits.Traits;
import io.pkttraits.proxy.net.IoTransport;
import io.pkttraits.transport.PacketTraits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** Every stream goes on with the traits of its connection's SYN, with the carrier of this JVM. */
@Timeout(120)
class Http2TraitsTest {
    private static final int CONNECTIONS = 8;
    private static final int REQUESTS = 2000;

    /** No more than a connection may have streams. */
    private static final int AT_ONCE = 100;

    @BeforeAll
    static void carrier() {
        PacketTraits.ensureAvailability();
    }

    @EachTransport
    void interleavedStreamsOfManyConnectionsNeverMix(IoTransport transport) throws Exception {
        Random random = new Random(5);
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.ioHandlers());
        try (TraitsUpstream upstream = new TraitsUpstream(transport);
                TestProxy proxy = TestProxy.start(transport, upstream.address())) {
            List<Http2TraitsClient> clients = new ArrayList<>();
            List<Traits> sets = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                Traits traits = i == 0
                        ? Traits.EMPTY
                        : Traits.builder().putInt(4, i).putFlag(i + 8).build();
                sets.add(traits);
                clients.add(new Http2TraitsClient(group, transport, proxy.address(), traits));
            }
            Map<String, String> openedFor = new HashMap<>();
            for (int done = 0; done < REQUESTS; done += AT_ONCE) {
                List<Integer> asked = new ArrayList<>();
                List<CompletableFuture<String>> answers = new ArrayList<>();
                for (int i = 0; i < AT_ONCE; i++) {
                    int client = random.nextInt(CONNECTIONS);
                    asked.add(client);
                    answers.add(clients.get(client).get());
                }
                for (int i = 0; i < AT_ONCE; i++) {
                    String[] answer = answers.get(i).get(20, TimeUnit.SECONDS).split(" ", 3);
                    String expected = sets.get(asked.get(i)).toString();
                    assertEquals("200", answer[0]);
                    assertEquals(expected, answer[2]);
                    assertEquals(expected, openedFor.computeIfAbsent(answer[1], number -> answer[2]));
                }
            }
            assertTrue(upstream.connections() >= CONNECTIONS, "connections for different sets were shared");
            assertTrue(upstream.connections() < REQUESTS / 2, "nothing was used again");
            clients.forEach(Http2TraitsClient::close);
        } finally {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }
}
