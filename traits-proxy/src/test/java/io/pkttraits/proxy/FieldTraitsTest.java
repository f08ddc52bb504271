// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.Traits;
import io.pkttraits.TraitsBuilder;
import io.pkttraits.codec.TraitFieldCodec;
import io.pkttraits.proxy.hop.HeaderBytes;
import io.pkttraits.proxy.hop.HopCounter;
import io.pkttraits.proxy.hop.HopMerge;
import io.pkttraits.proxy.hop.HopSend;
import io.pkttraits.proxy.hop.TestHops;
import io.pkttraits.proxy.net.IoTransport;
import io.pkttraits.transport.PacketTraits;
import io.pkttraits.transport.UnsendablePolicy;
import io.pkttraits.transport.policy.TraitsPolicy;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** Traits of requests that come by the field from clients that are believed, and go on by SYN and field. */
@Timeout(120)
class FieldTraitsTest {
    private static final Traits CONNECTION =
            Traits.builder().putInt(4, 0x01020304).putFlag(9).build();
    private static final Traits FIELD =
            Traits.builder().putInt(4, 0x05060708).putFlag(63).build();

    private final TestHops hops = new TestHops();

    @BeforeAll
    static void carrier() {
        PacketTraits.ensureAvailability();
    }

    @EachTransport
    void fieldGoesOnByTheSynOfAConnectionOfItsSet(IoTransport transport) throws Exception {
        hops.fieldFrom = TestHops.LOOPBACK;
        try (TraitsUpstream upstream = new TraitsUpstream(transport);
                TestProxy proxy = TestProxy.start(transport, upstream.address(), hops.config());
                HttpWire client = proxy.connect()) {
            assertEquals("0 " + FIELD, ask(client, FIELD));
            assertEquals("1 {}", ask(client, Traits.EMPTY));
            assertEquals("0 " + FIELD, ask(client, FIELD));
            assertEquals("2 " + CONNECTION, ask(client, CONNECTION));
        }
    }

    @EachTransport
    void connectionAndFieldAreMergedByTheRule(IoTransport transport) throws Exception {
        Map<HopMerge, Traits> expected =
                Map.of(HopMerge.KEEP_FIRST, FIELD.merge(CONNECTION), HopMerge.KEEP_LAST, CONNECTION.merge(FIELD));
        hops.fieldFrom = TestHops.ELSEWHERE;
        hops.proxyFrom = TestHops.LOOPBACK;
        for (HopMerge merge : expected.keySet()) {
            hops.merge = merge;
            try (TraitsUpstream upstream = new TraitsUpstream(transport);
                    TestProxy proxy = TestProxy.start(transport, upstream.address(), hops.config());
                    HttpWire client = proxy.connect()) {
                client.send(HeaderBytes.ipv4().traits(CONNECTION).bytes());
                assertEquals("0 " + expected.get(merge), ask(client, FIELD));
                assertEquals("1 " + CONNECTION, ask(client, Traits.EMPTY));
            }
        }
    }

    @EachTransport
    void contradictionIsABadRequestWhereTheRuleSaysSo(IoTransport transport) throws Exception {
        hops.fieldFrom = TestHops.ELSEWHERE;
        hops.proxyFrom = TestHops.LOOPBACK;
        hops.merge = HopMerge.ERROR;
        try (TraitsUpstream upstream = new TraitsUpstream(transport);
                TestProxy proxy = TestProxy.start(transport, upstream.address(), hops.config());
                HttpWire client = proxy.connect()) {
            client.send(HeaderBytes.ipv4().traits(CONNECTION).bytes());
            long before = HopCounter.FIELD_CONFLICT.get();
            assertEquals("0 " + CONNECTION.merge(FIELD.without(4)), ask(client, FIELD.without(4)));
            client.sendHead("GET / HTTP/1.1", "Host: a", "Packet-Traits: " + TraitFieldCodec.encode(FIELD));
            assertTrue(client.readMessage().startsWith("HTTP/1.1 400"));
            assertTrue(client.isAtEnd());
            assertEquals(before + 1, HopCounter.FIELD_CONFLICT.get());
            assertEquals(1, upstream.connections());
        }
    }

    @EachTransport
    void malformedFieldIsCountedAndItsRequestServed(IoTransport transport) throws Exception {
        hops.fieldFrom = TestHops.LOOPBACK;
        try (TraitsUpstream upstream = new TraitsUpstream(transport);
                TestProxy proxy = TestProxy.start(transport, upstream.address(), hops.config());
                HttpWire client = proxy.connect()) {
            long before = HopCounter.FIELD_MALFORMED.get();
            for (String value : new String[] {"k64", "k4=:AAAwOQ==:, k5=:AA==:", "k4;a=1", "k4,", "\u00e9"}) {
                client.sendHead("GET / HTTP/1.1", "Host: a", "Packet-Traits: " + value);
                assertTrue(client.readMessage().endsWith("\n0 {}"), value);
            }
            // One of the lines is enough, since they are one value.
            client.sendHead("GET / HTTP/1.1", "Host: a", "Packet-Traits: k4", "Packet-Traits: (k5)");
            assertTrue(client.readMessage().endsWith("\n0 {}"));
            assertEquals(before + 6, HopCounter.FIELD_MALFORMED.get());
        }
    }

    @EachTransport
    void fieldAloneLetsAllSetsShareAConnection(IoTransport transport) throws Exception {
        hops.fieldFrom = TestHops.LOOPBACK;
        hops.field = HopSend.ONLY;
        Random random = new Random(11);
        try (ScriptedUpstream upstream = ScriptedUpstream.answering("HTTP/1.1 200 OK", "Content-Length: 0", "", "")) {
            TestProxy.Builder builder = new TestProxy.Builder(transport, upstream.address(), hops.config());
            builder.maxTotalConnections = 1;
            try (TestProxy proxy = builder.start();
                    HttpWire client = proxy.connect()) {
                for (int i = 0; i < 300; i++) {
                    Traits traits = Traits.builder()
                            .putLong(random.nextInt(64), random.nextLong())
                            .build();
                    String field = TraitFieldCodec.encode(traits).toString();
                    client.sendHead("GET / HTTP/1.1", "Host: a", "Packet-Traits: " + field)
                            .readMessage();
                    assertTrue(upstream.next().contains("\npacket-traits: " + field + "\n"), field);
                }
                client.sendHead("GET / HTTP/1.1", "Host: a").readMessage();
                assertFalse(upstream.next().contains("\npacket-traits"));
                assertEquals(1, upstream.connections());
            }
        }
    }

    @EachTransport
    void fieldAloneLeavesTheSynWithoutTraits(IoTransport transport) throws Exception {
        hops.fieldFrom = TestHops.LOOPBACK;
        for (HopSend send : new HopSend[] {HopSend.ONLY, HopSend.BOTH}) {
            hops.field = send;
            try (TraitsUpstream upstream = new TraitsUpstream(transport);
                    TestProxy proxy = TestProxy.start(transport, upstream.address(), hops.config());
                    HttpWire client = proxy.connect()) {
                assertEquals("0 " + (send == HopSend.ONLY ? "{}" : FIELD.toString()), ask(client, FIELD));
            }
        }
    }

    @EachTransport
    void filterIsForTheFieldToo(IoTransport transport) throws Exception {
        hops.fieldFrom = TestHops.LOOPBACK;
        hops.field = HopSend.ONLY;
        try (ScriptedUpstream upstream = ScriptedUpstream.answering("HTTP/1.1 200 OK", "Content-Length: 0", "", "")) {
            TestProxy.Builder builder = new TestProxy.Builder(transport, upstream.address(), hops.config());
            builder.policy = TraitsPolicy.builder().forwardOnly(1L << 63).build();
            try (TestProxy proxy = builder.start();
                    HttpWire client = proxy.connect()) {
                client.sendHead("GET / HTTP/1.1", "Host: a", "Packet-Traits: " + TraitFieldCodec.encode(FIELD))
                        .readMessage();
                assertTrue(upstream.next().contains("\npacket-traits: k63\n"));
            }
        }
    }

    /** No SYN has room for 1024 bytes of values, but a field has. */
    @EachTransport
    void largestSetGoesOnByTheFieldAloneOrIsUnsendable(IoTransport transport) throws Exception {
        TraitsBuilder largest = Traits.builder();
        for (int key = 0; key < Traits.MAX_KEYS; key++) {
            largest.put(key, new byte[] {(byte) key, 0, -1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15});
        }
        String field = TraitFieldCodec.encode(largest.build()).toString();
        hops.fieldFrom = TestHops.LOOPBACK;
        hops.field = HopSend.ONLY;
        assertLargest(transport, UnsendablePolicy.FAIL, field, "HTTP/1.1 200");
        hops.field = HopSend.BOTH;
        assertLargest(transport, UnsendablePolicy.FAIL, field, "HTTP/1.1 502");
        assertLargest(transport, UnsendablePolicy.DROP, field, "HTTP/1.1 200");
    }

    private void assertLargest(IoTransport transport, UnsendablePolicy unsendable, String field, String status)
            throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.answering("HTTP/1.1 200 OK", "Content-Length: 0", "", "");
                TestProxy proxy = start(transport, upstream, unsendable);
                HttpWire client = proxy.connect()) {
            client.sendHead("GET / HTTP/1.1", "Host: a", "Packet-Traits: " + field);
            String response = client.readMessage();
            assertTrue(response.startsWith(status), response);
            if (status.endsWith("200")) {
                assertTrue(upstream.next().contains("\npacket-traits: " + field + "\n"));
            } else {
                assertTrue(upstream.sawNothing());
            }
            // Beyond --max-header-size it is refused as any field is.
            client.sendHead("GET / HTTP/1.1", "Host: a", "Packet-Traits: " + field + ", " + field + ", " + field);
            assertTrue(client.readMessage().startsWith("HTTP/1.1 431"));
        }
    }

    @EachTransport
    void randomFieldsNeitherExhaustThePoolsNorMix(IoTransport transport) throws Exception {
        hops.fieldFrom = TestHops.LOOPBACK;
        Random random = new Random(13);
        Map<String, String> openedFor = new HashMap<>();
        try (TraitsUpstream upstream = new TraitsUpstream(transport)) {
            TestProxy.Builder builder = new TestProxy.Builder(transport, upstream.address(), hops.config());
            builder.maxTotalConnections = 4;
            try (TestProxy proxy = builder.start();
                    HttpWire client = proxy.connect()) {
                for (int i = 0; i < 400; i++) {
                    Traits traits = Traits.builder()
                            .putInt(4, random.nextInt(i < 200 ? 8 : 1 << 20))
                            .build();
                    String[] answer = ask(client, traits).split(" ", 2);
                    assertEquals(traits.toString(), answer[1]);
                    assertEquals(traits.toString(), openedFor.computeIfAbsent(answer[0], number -> answer[1]));
                }
            }
        }
    }

    private TestProxy start(IoTransport transport, ScriptedUpstream upstream, UnsendablePolicy unsendable)
            throws Exception {
        TestProxy.Builder builder = new TestProxy.Builder(transport, upstream.address(), hops.config());
        builder.unsendable = unsendable;
        return builder.start();
    }

    private static String ask(HttpWire client, Traits field) throws Exception {
        if (field.isEmpty()) {
            client.sendHead("GET / HTTP/1.1", "Host: a");
        } else {
            client.sendHead("GET / HTTP/1.1", "Host: a", "Packet-Traits: " + TraitFieldCodec.encode(field));
        }
        String response = client.readMessage();
        assertTrue(response.startsWith("HTTP/1.1 200"), response);
        return response.substring(response.lastIndexOf('\n') + 1);
    }
}
