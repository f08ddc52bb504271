// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.handler.codec.quic.QuicChannel;
import io.pkttraits.Traits;
import io.pkttraits.proxy.http3.Http3TraitsClient;
import io.pkttraits.proxy.net.IoTransport;
import io.pkttraits.proxy.net.ServerTls;
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

/** Every request goes on with the traits of the datagram that opened its QUIC connection, with the carrier of this JVM. */
@Timeout(240)
class Http3TraitsTest {
    private static final int CONNECTIONS = 64;
    private static final int REQUESTS = 10_000;
    private static final int AT_ONCE = 100;

    @BeforeAll
    static void carrier() {
        PacketTraits.ensureAvailability();
    }

    @EachTransport
    void interleavedRequestsOfManyConnectionsOfOneSocketNeverMix(IoTransport transport) throws Exception {
        Random random = new Random(7);
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.ioHandlers());
        try (TraitsUpstream upstream = new TraitsUpstream(transport);
                TestProxy proxy = start(transport, upstream);
                Http3TraitsClient client = new Http3TraitsClient(group, transport, proxy.addressH3())) {
            List<QuicChannel> connections = new ArrayList<>();
            List<Traits> sets = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                Traits traits = i == 0
                        ? Traits.EMPTY
                        : Traits.builder()
                                .putInt(4, i * 0x01020304)
                                .putFlag(i % 8 + 8)
                                .build();
                sets.add(traits);
                connections.add(client.connect(traits));
            }
            Map<String, String> openedFor = new HashMap<>();
            for (int done = 0; done < REQUESTS; done += AT_ONCE) {
                List<Integer> asked = new ArrayList<>();
                List<CompletableFuture<String>> answers = new ArrayList<>();
                for (int i = 0; i < AT_ONCE; i++) {
                    int connection = random.nextInt(CONNECTIONS);
                    asked.add(connection);
                    answers.add(Http3TraitsClient.get(connections.get(connection)));
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
        } finally {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    private static TestProxy start(IoTransport transport, TraitsUpstream upstream) throws Exception {
        TestProxy.Builder builder = new TestProxy.Builder(transport, upstream.address());
        builder.tlsH3 = ServerTls.selfSigned().quic();
        return builder.start();
    }
}
