// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBufUtil;
import io.netty.util.NetUtil;
import io.pkttraits.transport.internal.carrier.TraitsProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom a server on the carrier ip-option believes, by packets from another host (a network namespace). */
@Tag("slow")
final class TrustTest {
    private static final String TRAITS = "traits={4=0x0102}";
    private static final String NONE = "traits={}";

    private TestNetwork network;

    @BeforeEach
    void up() throws Exception {
        network = new TestNetwork();
    }

    @AfterEach
    void down() {
        network.close();
    }

    @ParameterizedTest
    @CsvSource({
        TestNetwork.SERVER_IPV4 + ", ''",
        TestNetwork.SERVER_IPV6 + ", ''",
        TestNetwork.SERVER_IPV4 + ", '10.9.0.0/16,fd08:1::/64'",
        TestNetwork.SERVER_IPV6 + ", '10.8.1.0/24,fd08:2::/64'",
    })
    void traitsOfAnUntrustedPeerAreInvisibleAndCounted(String server, String trust) throws Exception {
        assertServerSees(server, trust, List.of(), NONE, "untrusted=1");
    }

    @ParameterizedTest
    @CsvSource({
        TestNetwork.SERVER_IPV4 + ", 10.8.1.0/24",
        TestNetwork.SERVER_IPV6 + ", fd08:1::2",
    })
    void traitsOfATrustedPeerAreSeen(String server, String trust) throws Exception {
        assertServerSees(server, trust, List.of(), TRAITS, "untrusted=0");
    }

    @Test
    void traitsBesideASourceRouteAreUntrustedWhateverTheAddress() throws Exception {
        network.acceptSourceRoutes();
        String here = ByteBufUtil.hexDump(NetUtil.createByteArrayFromIpAddressString(TestNetwork.SERVER_IPV4));
        String ours = "9e08545204020102";
        assertServerSees(TestNetwork.SERVER_IPV4, "10.8.1.0/24", List.of(ours), TRAITS, "untrusted=0");
        assertServerSees(
                TestNetwork.SERVER_IPV4, "10.8.1.0/24", List.of("830704" + here + "01" + ours), NONE, "untrusted=1");
    }

    private void assertServerSees(String address, String trust, List<String> clientArgs, String... expected)
            throws Exception {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        ChildJvm jvm = network.on(network.server()).property("io.pkttraits.carrier", "ip-option");
        if (!trust.isEmpty()) {
            jvm.property(TraitsProperties.TRUST, trust);
        }
        Thread server = new Thread(() -> jvm.runTo(lines::add, OneConnectionServerMain.class, address));
        server.start();
        String port = take(lines, "port=").substring("port=".length());
        List<String> args = new ArrayList<>(List.of(address, port));
        args.addAll(clientArgs);
        network.on(network.client())
                .property("io.pkttraits.carrier", "ip-option")
                .run(OneConnectionClientMain.class, args.toArray(new String[0]));
        server.join(TimeUnit.SECONDS.toMillis(TestServer.TIMEOUT_SECONDS));
        for (String line : expected) {
            assertTrue(lines.contains(line), () -> "expected " + line + " of " + lines);
        }
    }

    private static String take(BlockingQueue<String> lines, String prefix) throws Exception {
        StringBuilder seen = new StringBuilder();
        for (String line; (line = lines.poll(TestServer.TIMEOUT_SECONDS, TimeUnit.SECONDS)) != null; ) {
            if (line.startsWith(prefix)) {
                return line;
            }
            seen.append(line).append('\n');
        }
        throw new AssertionError("no line " + prefix + " in:\n" + seen);
    }
}
