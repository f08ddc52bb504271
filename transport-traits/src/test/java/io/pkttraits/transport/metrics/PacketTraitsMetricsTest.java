// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.util.concurrent.Future;
import io.pkttraits.Traits;
import io.pkttraits.transport.ChildJvm;
import io.pkttraits.transport.ConnectTraitsHandler;
import io.pkttraits.transport.Family;
import io.pkttraits.transport.PacketTraits;
import io.pkttraits.transport.SynTraits;
import io.pkttraits.transport.SynTraitsHandler;
import io.pkttraits.transport.TestServer;
import io.pkttraits.transport.TestTransport;
import io.pkttraits.transport.TraitSets;
import io.pkttraits.transport.TraitsCounter;
import io.pkttraits.transport.TraitsException;
import io.pkttraits.transport.datagram.DatagramFamily;
import io.pkttraits.transport.datagram.DatagramFixture;
import io.pkttraits.transport.datagram.DatagramInbox;
import io.pkttraits.transport.datagram.DatagramTraits;
import io.pkttraits.transport.datagram.DatagramTransport;
import io.pkttraits.transport.datagram.TraitsDatagramPacket;
import io.pkttraits.transport.policy.ConnectionFacts;
import io.pkttraits.transport.policy.KeyConflict;
import io.pkttraits.transport.policy.TraitsConflictException;
import io.pkttraits.transport.policy.TraitsPolicy;
import io.pkttraits.transport.pool.PoolFixture;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("netty-4.2")
@Timeout(120)
class PacketTraitsMetricsTest {
    private static final Traits TRAITS = Traits.EMPTY.withInt(4, 5);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @BeforeEach
    void bind() {
        new PacketTraitsMetrics(Tags.of("app", "test")).bindTo(registry);
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private double count(String name, String... tags) {
        FunctionCounter counter =
                registry.get("pkttraits." + name).tags(tags).tag("app", "test").functionCounter();
        return counter.count();
    }

    @Test
    void everyPartOfEveryCounterHasAMeterOfItsOwn() {
        int parts = 0;
        for (TraitsCounter counter : TraitsCounter.values()) {
            parts += counter.tagValues().size();
        }
        assertEquals(parts, registry.getMeters().size());
        Set<List<?>> tagKeys = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (Meter meter : registry.getMeters()) {
            names.add(meter.getId().getName());
            tagKeys.add(List.of(
                    meter.getId().getName(),
                    meter.getId().getTags().stream()
                            .map(io.micrometer.core.instrument.Tag::getKey)
                            .toList()));
        }
        // Prometheus takes a name with one set of tags alone.
        assertEquals(names.size(), tagKeys.size(), tagKeys::toString);
    }

    @Test
    void connectionIsCountedByItsTransportAtBothEnds() throws Exception {
        for (TestTransport transport : TestTransport.all()) {
            String carrier = PacketTraits.carrier().id();
            String name = transport.channel().getSimpleName().startsWith("Epoll") ? "epoll" : "io_uring";
            String[] tags = {"kind", "syn", "carrier", carrier, "transport", name};
            double reads = count("reads", tags);
            double sends = count("sends", tags);
            double absent = count("absent", tags);
            try (TestServer server =
                    new TestServer(transport, Family.IPV4, bootstrap -> bootstrap.handler(new SynTraitsHandler()))) {
                server.connect(new ConnectTraitsHandler(TRAITS));
                assertEquals(TRAITS, SynTraits.of(server.nextAccepted()));
                server.connect();
                assertSame(Traits.EMPTY, SynTraits.of(server.nextAccepted()));
            }
            assertEquals(reads + 1, count("reads", tags));
            assertEquals(sends + 1, count("sends", tags));
            assertEquals(absent + 1, count("absent", tags));
        }
    }

    @Test
    void datagramsAreCountedByTheirTransport() throws Exception {
        for (DatagramTransport transport : List.of(DatagramTransport.EPOLL, DatagramTransport.IO_URING)) {
            String name = transport == DatagramTransport.EPOLL ? "epoll" : "io_uring";
            String[] tags = {
                "kind", "datagram", "carrier", DatagramTraits.carrier().id(), "transport", name
            };
            double reads = count("reads", tags);
            double sends = count("sends", tags);
            double absent = count("absent", tags);
            DatagramInbox inbox = new DatagramInbox();
            try (DatagramFixture fixture = new DatagramFixture(transport, DatagramFamily.IPV4)) {
                DatagramChannel channel = fixture.bind(inbox);
                for (Traits traits : List.of(TRAITS, Traits.EMPTY)) {
                    channel.writeAndFlush(new TraitsDatagramPacket(
                                    DatagramFixture.text("text"), channel.localAddress(), traits))
                            .sync();
                    TraitsDatagramPacket packet = (TraitsDatagramPacket) inbox.next();
                    assertEquals(traits, packet.traits());
                    packet.release();
                }
            }
            assertEquals(reads + 1, count("reads", tags));
            assertEquals(sends + 1, count("sends", tags));
            assertEquals(absent + 1, count("absent", tags));
        }
    }

    @Test
    void whatAPolicyDoesNotPassOnIsCountedByItsCause() {
        String name = "policy.drops";
        double notAccepted = count(name, "cause", "not_accepted");
        double notForwarded = count(name, "cause", "not_forwarded");
        double conflicts = count(name, "cause", "conflict");
        ConnectionFacts facts = ConnectionFacts.of(new InetSocketAddress("10.0.0.1", 1), null);
        Traits in = Traits.EMPTY.withInt(4, 5).withFlag(9);
        TraitsPolicy policy = TraitsPolicy.builder()
                .accept(List.of("10.0.0.0/8"), 1L << 4 | 1L << 7)
                .rename(4, 5)
                .forwardOnly(1L << 7)
                .build();

        policy.accept(facts.peer(), in);
        policy.bind(facts).accept(in);
        policy.accept(facts.peer(), TRAITS);
        assertEquals(notAccepted + 2, count(name, "cause", "not_accepted"));

        policy.forward(facts, in);
        // Under another name is passed on too.
        policy.forward(facts, TRAITS.withFlag(7));
        assertEquals(notForwarded + 1, count(name, "cause", "not_forwarded"));

        TraitsPolicy strict = TraitsPolicy.builder()
                .onSameKey(KeyConflict.ERROR)
                .set(TRAITS)
                .forwardAll()
                .build();
        assertThrows(TraitsConflictException.class, () -> strict.forward(facts, TRAITS));
        assertEquals(conflicts + 1, count(name, "cause", "conflict"));
    }

    @Test
    void listenerThatDoesNotSaveIsAMisuseAndNotAnAbsence() throws Exception {
        double misuses = count("misuse", "cause", "syn_not_saved");
        long absent = TraitsCounter.SYN_ABSENT.get();
        try (TestServer server = new TestServer(TestTransport.all().get(0), Family.IPV4, bootstrap -> {})) {
            server.connect();
            assertSame(Traits.EMPTY, PacketTraits.of(server.nextAccepted()));
        }
        assertEquals(misuses + 1, count("misuse", "cause", "syn_not_saved"));
        assertEquals(absent, TraitsCounter.SYN_ABSENT.get());
    }

    @Test
    void refusedConnectIsCountedByItsErrno() throws Exception {
        String[] tags = {"kind", "syn", "errno", "none"};
        double refused = count("refused", tags);
        int meters = registry.getMeters().size();
        try (TestServer server = new TestServer(TestTransport.all().get(0), Family.IPV4, bootstrap -> {})) {
            Future<Void> connect = server.connectTo(
                            server.address(), new ConnectTraitsHandler(TraitSets.tooLarge(Family.IPV4)))
                    .await();
            assertInstanceOf(TraitsException.class, connect.cause());
        }
        assertEquals(refused + 1, count("refused", tags));
        assertEquals(meters, registry.getMeters().size());
    }

    @Test
    void poolsAreTheSumOfTheirMaps() throws Exception {
        try (PoolFixture one = new PoolFixture(PoolFixture.limits(2, 1));
                PoolFixture two = new PoolFixture(PoolFixture.limits(2, 1))) {
            new TraitsPoolMetrics(List.of(one.map, two.map), "upstream", Tags.empty()).bindTo(registry);
            Channel leased = one.acquire(1);
            Future<Channel> waiting = one.map.acquire(one.key(1));
            one.use(2);
            two.use(1);
            two.use(2);
            two.use(3);
            assertPools(3, 1, 1, 4, 1);
            one.release(leased);
            one.release(waiting.sync().getNow());
            PoolFixture.await(() -> one.map.stats().leased() == 0);
            assertPools(4, 0, 0, 4, 1);
        }
    }

    private void assertPools(int idle, int leased, int waiting, int pools, int evictions) {
        assertEquals(idle, gauge("connections", "state", "idle"), "idle");
        assertEquals(leased, gauge("connections", "state", "leased"), "leased");
        assertEquals(waiting, gauge("waiting"), "waiting");
        assertEquals(pools, gauge("pools"), "pools");
        assertEquals(
                evictions,
                registry.get("pkttraits.pool.evictions")
                        .tag("pool", "upstream")
                        .functionCounter()
                        .count());
    }

    private double gauge(String name, String... tags) {
        return registry.get("pkttraits.pool." + name)
                .tag("pool", "upstream")
                .tags(tags)
                .gauge()
                .value();
    }

    @Test
    void withoutMicrometerEverythingElseLoadsAndWorks() {
        String output = new ChildJvm()
                .withoutClassPathEntries(entry -> entry.matches(".*micrometer.*"))
                .run(WithoutMicrometerMain.class);
        List<String> said =
                output.lines().filter(line -> line.matches("[a-z]+=.*")).toList(); // a JVM may warn
        assertEquals(List.of("micrometer=absent", "tcp=true", "counted=1", "pools=0"), said);
    }
}
