// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.pool.AbstractChannelPoolHandler;
import io.pkttraits.Traits;
import io.pkttraits.transport.Family;
import io.pkttraits.transport.PacketTraits;
import io.pkttraits.transport.SetUsers;
import io.pkttraits.transport.SynTraits;
import io.pkttraits.transport.SynTraitsHandler;
import io.pkttraits.transport.TestServer;
import io.pkttraits.transport.TestTransport;
import io.pkttraits.transport.TraitSets;
import io.pkttraits.transport.TraitsException;
import io.pkttraits.transport.UnsendablePolicy;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pool on real sockets: what the server's kernel delivers is what the pool's key says. */
@Timeout(120)
@Tag("carrier")
@Tag("test-kernel")
final class PooledTraitsTest {
    static Stream<TestTransport> transports() {
        return TestTransport.all().stream();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void everyConnectionCarriesTheTraitsOfItsKey(TestTransport transport) throws Exception {
        PacketTraits.ensureAvailability();
        Random random = new Random(1);
        EventLoopGroup group = transport.newGroup(1);
        try (TestServer server =
                        new TestServer(transport, Family.IPV4, bootstrap -> bootstrap.handler(new SynTraitsHandler()));
                TraitsChannelPoolMap map = newMap(transport, group)) {
            Map<Channel, Traits> delivered = new HashMap<>();
            for (int i = 0; i < 200; i++) {
                Traits traits = Traits.builder().putInt(4, random.nextInt(20)).build();
                Channel channel = map.acquire(new UpstreamKey(server.address(), traits))
                        .sync()
                        .getNow();
                if (!delivered.containsKey(channel)) {
                    delivered.put(channel, SynTraits.of(server.nextAccepted()));
                }
                assertEquals(traits, delivered.get(channel));
                map.release(channel).sync();
                assertTrue(map.connections() <= 8);
            }
            assertTrue(delivered.size() < 200);
        } finally {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
    }

    /** Each request says what it expects, and the server answers with what its kernel says of the connection. */
    @ParameterizedTest
    @MethodSource("transports")
    @Timeout(600)
    void tenThousandSetsNeitherMixNorExceedTheBound(TestTransport transport) throws Exception {
        PacketTraits.ensureAvailability();
        EventLoopGroup group = transport.newGroup(1);
        try (TestServer server = new TestServer(
                        transport,
                        Family.IPV4,
                        bootstrap -> bootstrap.handler(new SynTraitsHandler()).childHandler(SetUsers.answers()));
                TraitsChannelPoolMap map = newMap(transport, group)) {
            int requests = Integer.getInteger("io.pkttraits.test.pooledRequests", 15_000);
            SetUsers users = new SetUsers(map, server, requests);
            for (int i = 0; i < 12; i++) {
                users.start();
            }
            users.await();
            assertEquals(List.of(), users.mixedUp());
            assertTrue(users.connections() <= 8, () -> "connections at a time: " + users.connections());
            assertTrue(map.evictions() > requests / 15, () -> "evictions: " + map.evictions());
        } finally {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void unsendableTraitsFailTheAcquireAndLeaveNothing(TestTransport transport) throws Exception {
        EventLoopGroup group = transport.newGroup(1);
        try (TestServer server = new TestServer(transport, Family.IPV4, bootstrap -> {});
                TraitsChannelPoolMap map = newMap(transport, group)) {
            UpstreamKey key = new UpstreamKey(server.address(), TraitSets.tooLarge(Family.IPV4));
            for (int i = 0; i < 20; i++) {
                assertInstanceOf(TraitsException.class, map.acquire(key).await().cause());
                assertEquals(0, map.size());
            }
        } finally {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
    }

    private static TraitsChannelPoolMap newMap(TestTransport transport, EventLoopGroup group) {
        AbstractChannelPoolHandler handler = new AbstractChannelPoolHandler() {
            @Override
            public void channelCreated(Channel ch) {}
        };
        Duration minute = Duration.ofMinutes(1);
        return new TraitsChannelPoolMap(
                new Bootstrap().group(group).channel(transport.channel()),
                handler,
                PoolFixture.limits(8, 8, 16, minute, minute),
                UnsendablePolicy.FAIL);
    }
}
