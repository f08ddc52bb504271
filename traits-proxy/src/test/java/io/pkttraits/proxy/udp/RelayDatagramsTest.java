// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.udp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.Traits;
import io.pkttraits.proxy.OnEachTransport;
import io.pkttraits.proxy.net.IoTransport;
import io.pkttraits.transport.UnsendablePolicy;
import io.pkttraits.transport.policy.FactKind;
import io.pkttraits.transport.policy.KeyConflict;
import io.pkttraits.transport.policy.TraitsPolicy;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes out of the relay is what went in: payload, boundaries, and the traits that the filter lets through. */
@Timeout(120)
@OnEachTransport
class RelayDatagramsTest {
    @Parameter
    IoTransport transport;

    private static final Traits THERE =
            Traits.builder().putInt(4, 12345).putFlag(9).putLong(63, 1).build();
    private static final Traits BACK =
            Traits.builder().putInt(5, 54321).putFlag(9).build();
    /** 54 bytes of TLVs: an IPv6 header has room for them, an IPv4 header has not. */
    private static final Traits LARGE =
            Traits.EMPTY.with(1, new byte[16]).with(2, new byte[16]).with(3, new byte[16]);

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1", "::1, ::1", "127.0.0.1, ::1", "::1, 127.0.0.1"})
    void traitsPassBothWaysWithinAndBetweenFamilies(String clientHost, String upstreamHost) throws Exception {
        try (TestPeer upstream = new TestPeer(upstreamHost);
                TestPeer client = new TestPeer(clientHost);
                TestRelay relay = listening(clientHost, upstream)) {
            client.send(relay.address(), "with", THERE);
            client.send(relay.address(), "without", Traits.EMPTY);
            InetSocketAddress flow = upstream.next("with", THERE).sender();
            assertEquals(flow, upstream.next("without", Traits.EMPTY).sender());
            upstream.send(flow, "back", BACK);
            upstream.send(flow, "plain", Traits.EMPTY);
            assertEquals(relay.address(), client.next("back", BACK).sender());
            client.next("plain", Traits.EMPTY);
            relay.awaitTotal("to-clients.sent", 2);
            assertEquals(1, relay.total("to-clients.with-traits"));
            assertEquals(1, relay.total("to-upstream.with-traits"));
            assertEquals("withwithout".length(), relay.total("to-upstream.bytes"));
        }
    }

    private TestRelay listening(String host, TestPeer upstream) throws Exception {
        TestRelay.Builder builder = new TestRelay.Builder(transport, upstream.address());
        builder.listen = host;
        return builder.start();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void emptyAndLargestDatagramsPassBothWaysAndTheirOrderIsKept(String host) throws Exception {
        String largest = TestPeer.randomText(host.equals("::1") ? 65527 : 65507);
        try (TestPeer upstream = new TestPeer(host);
                TestPeer client = new TestPeer(host);
                TestRelay relay = listening(host, upstream)) {
            client.send(relay.address(), "", THERE);
            client.send(relay.address(), largest, Traits.EMPTY);
            client.send(relay.address(), "", Traits.EMPTY);
            client.send(relay.address(), "end", Traits.EMPTY);
            InetSocketAddress flow = upstream.next("", THERE).sender();
            assertEquals(largest, upstream.next().text());
            upstream.next("", Traits.EMPTY);
            upstream.next("end", Traits.EMPTY);
            upstream.send(flow, "", BACK);
            upstream.send(flow, largest, Traits.EMPTY);
            upstream.send(flow, "", Traits.EMPTY);
            client.next("", BACK);
            assertEquals(largest, client.next().text());
            client.next("", Traits.EMPTY);
        }
    }

    @Test
    void openFlowFollowsAChangeOfThePolicyBothWays() throws Exception {
        try (TestPeer upstream = new TestPeer("127.0.0.1");
                TestPeer client = new TestPeer("127.0.0.1")) {
            TestRelay.Builder builder = new TestRelay.Builder(transport, upstream.address());
            try (TestRelay relay = builder.start()) {
                client.send(relay.address(), "before", THERE);
                InetSocketAddress flow = upstream.next("before", THERE).sender();
                builder.policy = TraitsPolicy.builder().forwardOnly(1L << 9).build();
                upstream.send(flow, "reply", BACK);
                client.next("reply", BACK.only(1L << 9));
                client.send(relay.address(), "after", THERE);
                assertEquals(flow, upstream.next("after", THERE.only(1L << 9)).sender());
            }
        }
    }

    @Test
    void datagramThatIsTooLargeIsDroppedWholeAndCounted() throws Exception {
        try (TestPeer upstream = new TestPeer("127.0.0.1");
                TestPeer client = new TestPeer("127.0.0.1")) {
            TestRelay.Builder builder = new TestRelay.Builder(transport, upstream.address());
            builder.maxDatagram = 100;
            try (TestRelay relay = builder.start()) {
                client.send(relay.address(), "x".repeat(101), THERE);
                client.send(relay.address(), "x".repeat(5000), THERE);
                client.send(relay.address(), "x".repeat(100), THERE);
                InetSocketAddress flow = upstream.next("x".repeat(100), THERE).sender();
                upstream.send(flow, "y".repeat(101), BACK);
                upstream.send(flow, "y".repeat(100), BACK);
                client.next("y".repeat(100), BACK);
                relay.awaitTotal("dropped.oversized", 3);
                assertEquals(3, relay.total("to-upstream.received"));
                assertTrue(upstream.hasNone() && client.hasNone());
            }
        }
    }

    @Test
    void policyIsAboutTheSenderInBothDirections() throws Exception {
        try (TestPeer upstream = new TestPeer("127.0.0.1");
                TestPeer client = new TestPeer("127.0.0.1")) {
            TestRelay.Builder builder = new TestRelay.Builder(transport, upstream.address());
            builder.policy = TraitsPolicy.builder()
                    .acceptFromAll(~(1L << 9))
                    .set(20, FactKind.PEER_PORT)
                    .rename(4, 6)
                    .forwardAll()
                    .build();
            try (TestRelay relay = builder.start()) {
                client.send(relay.address(), "there", THERE);
                Traits there = THERE.without(9).without(4).withInt(6, 12345).withShort(20, (short)
                        client.address().getPort());
                InetSocketAddress flow = upstream.next("there", there).sender();
                upstream.send(flow, "back", BACK);
                client.next("back", BACK.without(9).withShort(20, (short)
                        upstream.address().getPort()));
            }
        }
    }

    @Test
    void datagramWhoseTraitsClashWithTheRulesIsDroppedAndCounted() throws Exception {
        try (TestPeer upstream = new TestPeer("127.0.0.1");
                TestPeer client = new TestPeer("127.0.0.1")) {
            TestRelay.Builder builder = new TestRelay.Builder(transport, upstream.address());
            builder.policy = TraitsPolicy.builder()
                    .onSameKey(KeyConflict.ERROR)
                    .set(Traits.EMPTY.withFlag(4))
                    .forwardAll()
                    .build();
            try (TestRelay relay = builder.start()) {
                client.send(relay.address(), "clash", THERE);
                client.send(relay.address(), "none", Traits.EMPTY);
                upstream.next("none", Traits.EMPTY.withFlag(4));
                relay.awaitTotal("dropped.conflict", 1);
            }
        }
    }

    @Test
    void filterChoosesWhatGoesOnInBothDirections() throws Exception {
        try (TestPeer upstream = new TestPeer("127.0.0.1");
                TestPeer client = new TestPeer("127.0.0.1")) {
            TestRelay.Builder builder = new TestRelay.Builder(transport, upstream.address());
            builder.policy = TraitsPolicy.builder()
                    .forwardOnly(1L << 4 | 1L << 5 | 1L << 17)
                    .build();
            try (TestRelay relay = builder.start()) {
                client.send(relay.address(), "some", THERE);
                InetSocketAddress flow =
                        upstream.next("some", THERE.without(9).without(63)).sender();
                upstream.send(flow, "some", BACK);
                client.next("some", BACK.without(9));
            }
            builder.policy = TraitsPolicy.builder().forwardOnly(0).build();
            try (TestRelay relay = builder.start()) {
                client.send(relay.address(), "none", THERE);
                InetSocketAddress flow = upstream.next("none", Traits.EMPTY).sender();
                upstream.send(flow, "none", BACK);
                client.next("none", Traits.EMPTY);
            }
        }
    }

    @Test
    void traitsThatDoNotFitCostTheDatagramOrTheTraits() throws Exception {
        try (TestPeer upstream = new TestPeer("127.0.0.1");
                TestPeer client = new TestPeer("::1")) {
            TestRelay.Builder builder = new TestRelay.Builder(transport, upstream.address());
            builder.listen = "::1";
            try (TestRelay relay = builder.start()) {
                client.send(relay.address(), "large", LARGE);
                client.send(relay.address(), "small", THERE);
                upstream.next("small", THERE);
                relay.awaitTotal("dropped.unsendable", 1);
                assertEquals(0, relay.total("traits-dropped"));
            }
            builder.unsendable = UnsendablePolicy.DROP;
            try (TestRelay relay = builder.start()) {
                client.send(relay.address(), "large", LARGE);
                client.send(relay.address(), "small", THERE);
                upstream.next("large", Traits.EMPTY);
                upstream.next("small", THERE);
                relay.awaitTotal("to-upstream.sent", 2);
                assertEquals(1, relay.total("traits-dropped"));
                assertEquals(0, relay.total("dropped.unsendable"));
            }
        }
    }

    /** An IPv4 packet of 65,535 bytes has no room for an option beside the largest payload. */
    @Test
    void traitsBesideThatPayloadCostTheDatagramOrTheTraits() throws Exception {
        String payload = TestPeer.randomText(65507);
        try (TestPeer upstream = new TestPeer("127.0.0.1");
                TestPeer client = new TestPeer("::1")) {
            TestRelay.Builder builder = new TestRelay.Builder(transport, upstream.address());
            builder.listen = "::1";
            try (TestRelay relay = builder.start()) {
                client.send(relay.address(), payload, Traits.EMPTY.withFlag(9));
                relay.awaitTotal("dropped.unsendable", 1);
                client.send(relay.address(), "x".repeat(65508), Traits.EMPTY);
                relay.awaitTotal("dropped.oversized", 1);
            }
            builder.unsendable = UnsendablePolicy.DROP;
            try (TestRelay relay = builder.start()) {
                client.send(relay.address(), payload, Traits.EMPTY.withFlag(9));
                TestPeer.Received came = upstream.next();
                assertEquals(payload, came.text());
                assertEquals(Traits.EMPTY, came.traits());
            }
        }
    }
}
