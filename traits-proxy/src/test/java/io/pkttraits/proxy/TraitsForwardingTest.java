// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.Traits;
import io.pkttraits.codec.TraitFieldCodec;
import io.pkttraits.proxy.net.HostPort;
import io.pkttraits.proxy.net.IoTransport;
import io.pkttraits.transport.PacketTraits;
import io.pkttraits.transport.policy.TraitsPolicy;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** From one SYN to the other, with the carrier of this JVM. */
@Timeout(120)
class TraitsForwardingTest {
    private static final Traits TRAITS = Traits.builder()
            .putInt(4, 12345)
            .putShort(9, (short) 9)
            .putLong(63, 1)
            .build();

    @BeforeAll
    static void carrier() {
        PacketTraits.ensureAvailability();
    }

    @EachTransport
    @Tag("test-kernel")
    void upstreamGetsTheTraitsOfTheClient(IoTransport transport) throws Exception {
        try (TraitsUpstream upstream = new TraitsUpstream(transport);
                TestProxy proxy = TestProxy.start(transport, upstream.address())) {
            assertEquals("200 0 " + TRAITS, upstream.get(proxy.address(), TRAITS));
            assertEquals("200 1 {}", upstream.get(proxy.address(), Traits.EMPTY));
        }
    }

    @EachTransport
    void filterChoosesWhatGoesOn(IoTransport transport) throws Exception {
        try (TraitsUpstream upstream = new TraitsUpstream(transport)) {
            TestProxy.Builder builder = new TestProxy.Builder(transport, upstream.address());
            builder.policy = TraitsPolicy.builder()
                    .forwardOnly(1L << 9 | 1L << 17 | 1L << 63)
                    .build();
            try (TestProxy proxy = builder.start()) {
                assertEquals("200 0 " + TRAITS.without(4), upstream.get(proxy.address(), TRAITS));
            }
            builder.policy = TraitsPolicy.builder().forwardOnly(0).build();
            try (TestProxy proxy = builder.start()) {
                assertEquals("200 1 {}", upstream.get(proxy.address(), TRAITS));
            }
        }
    }

    @EachTransport
    void setsThatAreEqualAfterTheFilterShareAConnection(IoTransport transport) throws Exception {
        try (TraitsUpstream upstream = new TraitsUpstream(transport)) {
            TestProxy.Builder builder = new TestProxy.Builder(transport, upstream.address());
            builder.policy = TraitsPolicy.builder().forwardOnly(1L << 9).build();
            try (TestProxy proxy = builder.start()) {
                for (int i = 0; i < 5; i++) {
                    Traits traits = Traits.builder().putInt(4, i).putFlag(9).build();
                    assertEquals("200 0 {9}", upstream.get(proxy.address(), traits));
                }
            }
        }
    }

    @EachTransport
    void connectionOfOneSetNeverServesAnother(IoTransport transport) throws Exception {
        Random random = new Random(3);
        Map<String, String> openedFor = new HashMap<>();
        try (TraitsUpstream upstream = new TraitsUpstream(transport)) {
            TestProxy.Builder builder = new TestProxy.Builder(transport, upstream.address());
            builder.maxTotalConnections = 4;
            try (TestProxy proxy = builder.start()) {
                for (int i = 0; i < 400; i++) {
                    Traits traits =
                            Traits.builder().putInt(4, random.nextInt(8)).build();
                    String[] answer = upstream.get(proxy.address(), traits).split(" ", 3);
                    assertEquals("200", answer[0]);
                    assertEquals(traits.toString(), answer[2]);
                    assertEquals(traits.toString(), openedFor.computeIfAbsent(answer[1], number -> answer[2]));
                }
                assertTrue(upstream.connections() > 8, "nothing was evicted");
                assertTrue(upstream.connections() < 400, "nothing was used again");
            }
        }
    }

    /** 48 bytes of values fit an IPv6 header, by which they come, and not an IPv4 header, by which they are to go on. */
    @EachTransport
    void unsendableTraitsAre502OrDropped(IoTransport transport) throws Exception {
        UUID value = new UUID(0x0001020304050607L, 0x08090a0b0c0d0e0fL);
        Traits set = Traits.builder()
                .putUuid(1, value)
                .putUuid(2, value)
                .putUuid(3, value)
                .build();
        try (ScriptedUpstream upstream =
                ScriptedUpstream.answering("HTTP/1.1 200 OK", "Content-Length: 7", "", "reached")) {
            try (JavaProgram proxy = unsendable(upstream, transport, "fail")) {
                String address = proxy.awaitReady().toString();
                assertEquals("502 502 Bad Gateway", ask(address, transport, set));
                String log = proxy.stderr();
                assertTrue(log.contains(" GET /set: 502: "), log);
                assertTrue(log.contains("54") && log.contains("36") && log.contains("ip-option"), log);
            }
            try (JavaProgram proxy = unsendable(upstream, transport, "drop")) {
                assertEquals("200 reached", ask(proxy.awaitReady().toString(), transport, set));
                String line = proxy.readLine();
                assertTrue(line.contains(" traits={1=0x") && line.endsWith(" forwarded={}"), line);
            }
        }
    }

    private static JavaProgram unsendable(ScriptedUpstream upstream, IoTransport transport, String policy)
            throws Exception {
        return new JavaProgram(
                TraitsProxy.class,
                "--listen",
                "[::1]:0",
                "--upstream",
                HostPort.of(upstream.address()).toString(),
                "--carrier",
                "ip-option",
                "--transport",
                transport.toString(),
                "--on-unsendable",
                policy);
    }

    private static String ask(String proxy, IoTransport transport, Traits set) throws Exception {
        try (JavaProgram client = new JavaProgram(
                TraitsRequestMain.class,
                "ip-option",
                transport.toString(),
                proxy,
                TraitFieldCodec.encode(set).toString())) {
            String line = client.readLine();
            assertEquals(0, client.awaitExit(), client.stderr());
            return line;
        }
    }
}
