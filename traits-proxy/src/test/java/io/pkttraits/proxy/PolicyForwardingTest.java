// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.pkttraits.Traits;
import io.pkttraits.proxy.http3.Http3TraitsClient;
import io.pkttraits.proxy.net.IoTransport;
import io.pkttraits.proxy.net.ServerTls;
import io.pkttraits.transport.PacketTraits;
import io.pkttraits.transport.policy.FactKind;
import io.pkttraits.transport.policy.KeyConflict;
import io.pkttraits.transport.policy.TraitsPolicy;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;

/** What the policy makes of traits on their way from one SYN, or QUIC's first datagram, to the upstream's. */
@Timeout(120)
@OnEachTransport
class PolicyForwardingTest {
    @Parameter
    IoTransport transport;

    private static final Traits TRAITS =
            Traits.builder().putInt(4, 12345).putFlag(9).build();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private EventLoopGroup group;
    private TraitsUpstream upstream;
    private TestProxy.Builder builder;

    @BeforeAll
    static void carrier() {
        PacketTraits.ensureAvailability();
    }

    @BeforeEach
    void start() throws Exception {
        group = new MultiThreadIoEventLoopGroup(1, transport.ioHandlers());
        upstream = new TraitsUpstream(transport);
        builder = new TestProxy.Builder(transport, upstream.address());
    }

    @AfterEach
    void stop() {
        upstream.close();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void rulesAreTheSameForEveryVersionOfHttp() throws Exception {
        builder.policy = TraitsPolicy.builder()
                .accept(List.of("127.0.0.0/8"), ~(1L << 9))
                .set(Traits.EMPTY.withShort(30, (short) 0x0101))
                .set(31, FactKind.PEER_ADDRESS)
                .rename(4, 5)
                .forwardAll()
                .build();
        assertEveryVersionAnswers("{5=0x39300000, 30=0x0101, 31=0x7f000001}");
    }

    @Test
    void peerThatNoRuleNamesIsNotBelieved() throws Exception {
        builder.policy =
                TraitsPolicy.builder().accept(List.of("10.0.0.0/8"), -1L).build();
        assertEveryVersionAnswers("{}");
    }

    @Test
    void clientWhoseTraitsClashWithTheRulesIsForbidden() throws Exception {
        builder.policy = TraitsPolicy.builder()
                .onSameKey(KeyConflict.ERROR)
                .set(Traits.EMPTY.withFlag(9))
                .forwardAll()
                .build();
        try (TestProxy proxy = builder.start()) {
            assertEquals(
                    "403 403 Forbidden", upstream.get(proxy.address(), TRAITS).strip());
            assertEquals("200 0 {9}", upstream.get(proxy.address(), Traits.EMPTY));
        }
    }

    @Test
    void keyThatDoesNotPartitionIsOnNoConnectionThatIsShared() throws Exception {
        builder.policy = TraitsPolicy.builder().partitionBy(1L << 9).build();
        try (TestProxy proxy = builder.start()) {
            for (int i = 0; i < 5; i++) {
                assertEquals("200 0 {9}", upstream.get(proxy.address(), TRAITS.withInt(4, i)));
            }
        }
    }

    @Test
    void ruleOfTheProtocolIsOfTheClientsConnection() throws Exception {
        builder.policy = TraitsPolicy.builder()
                .set(30, FactKind.ALPN)
                .set(31, FactKind.LOCAL_PORT)
                .build();
        builder.tlsH3 = ServerTls.selfSigned().quic();
        try (TestProxy proxy = builder.start();
                Http3TraitsClient http3 = new Http3TraitsClient(group, transport, proxy.addressH3())) {
            Traits port = Traits.EMPTY.withShort(31, (short) proxy.addressH3().getPort());
            assertEquals(
                    "200 0 " + port.with(30, new byte[] {'h', '3'}),
                    Http3TraitsClient.get(http3.connect(TRAITS)).get(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void ruleOfTheNameAndTheProtocolIsOfTheTlsHandshake() throws Exception {
        builder.policy = TraitsPolicy.builder()
                .set(30, FactKind.ALPN)
                .set(31, FactKind.SNI_SHA256)
                .build();
        builder.tls = ServerTls.selfSigned().tcp();
        // printf www.example.org | sha256sum
        Traits expected = Traits.EMPTY
                .with(30, "http/1.1".getBytes(StandardCharsets.US_ASCII))
                .with(31, ByteBufUtil.decodeHexDump("8a59b0a30caeff0f2ca1340ecc08d838"));
        try (TestProxy proxy = builder.start()) {
            assertEquals("0 " + expected, askInTls(proxy, "WWW.Example.org", "http/1.1"));
            assertEquals("1 {}", askInTls(proxy, null, null));
        }
    }

    private static String askInTls(TestProxy proxy, String name, String protocol) throws Exception {
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        InetSocketAddress address = proxy.address();
        try (SSLSocket socket =
                (SSLSocket) trusting.getSocketFactory().createSocket(address.getAddress(), address.getPort())) {
            SSLParameters parameters = socket.getSSLParameters();
            if (name != null) {
                parameters.setServerNames(List.of(new SNIHostName(name)));
                parameters.setApplicationProtocols(new String[] {protocol});
            }
            socket.setSSLParameters(parameters);
            HttpWire wire = new HttpWire(socket);
            wire.sendHead("GET / HTTP/1.1", "Host: a", "Connection: close");
            return wire.readMessage().lines().reduce((head, last) -> last).orElseThrow();
        }
    }

    @Test
    void clientsWithNewTraitsDelayOthersAndDoNotShutThemOut() throws Exception {
        builder.maxTotalConnections = 2;
        builder.connectTimeout = Duration.ofSeconds(60);
        try (TestProxy proxy = builder.start()) {
            AtomicInteger sets = new AtomicInteger();
            AtomicBoolean attack = new AtomicBoolean(true);
            List<Thread> attackers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Thread attacker = new Thread(() -> {
                    while (attack.get()) {
                        ask(proxy, Traits.EMPTY.withInt(7, sets.getAndIncrement()));
                    }
                });
                attackers.add(attacker);
                attacker.start();
            }
            for (int i = 0; i < 50; i++) {
                ask(proxy, TRAITS);
            }
            attack.set(false);
            for (Thread attacker : attackers) {
                attacker.join();
            }
            assertTrue(sets.get() > 50, () -> "no attack: " + sets);
            assertEquals(List.of(), List.copyOf(wrong));
        }
    }

    private void ask(TestProxy proxy, Traits traits) {
        try {
            String answer = upstream.get(proxy.address(), traits);
            if (!answer.startsWith("200 ") || !answer.endsWith(" " + traits)) {
                wrong.add(traits + " was answered by " + answer);
            }
        } catch (Exception e) {
            wrong.add(traits + " was not answered: " + e);
        }
    }

    private void assertEveryVersionAnswers(String traits) throws Exception {
        builder.tlsH3 = ServerTls.selfSigned().quic();
        try (TestProxy proxy = builder.start();
                Http2TraitsClient http2 = new Http2TraitsClient(group, transport, proxy.address(), TRAITS);
                Http3TraitsClient http3 = new Http3TraitsClient(group, transport, proxy.addressH3())) {
            String expected = "200 0 " + traits;
            assertEquals(expected, upstream.get(proxy.address(), TRAITS));
            assertEquals(expected, http2.get().get(20, TimeUnit.SECONDS));
            assertEquals(expected, Http3TraitsClient.get(http3.connect(TRAITS)).get(20, TimeUnit.SECONDS));
        }
    }
}
