// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.udp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.Traits;
import io.pkttraits.proxy.JavaProgram;
import io.pkttraits.proxy.net.HostPort;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The program as its user sees it: options, exit codes, signals. */
@Timeout(60)
class UdpRelayTest {
    private static final List<String> NO_RAW_SOCKETS =
            List.of("setpriv", "--bounding-set=-net_raw", "--inh-caps=-net_raw");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--upstream 127.0.0.1:1 | Missing required option: '--listen=HOST:PORT'",
                "--listen 127.0.0.1:0 | Missing required option: '--upstream=HOST:PORT'",
                "--listen 5300 --upstream 127.0.0.1:1 | '5300' is not HOST:PORT: no port",
                "--listen 127.0.0.1:65536 --upstream 127.0.0.1:1 | not a number of 0..65535",
                "--listen 127.0.0.1:0 --upstream 127.0.0.1:0 | port 0",
                "--listen 127.0.0.1:0 --upstream 127.0.0.1:1 --forward 64 | '64' is neither a key of 0..63 nor a name in the registry",
                "--listen 127.0.0.1:0 --upstream 127.0.0.1:1 --carrier mark | 'mark' is not a carrier",
                "--listen 127.0.0.1:0 --upstream 127.0.0.1:1 --transport nio | 'nio' is not a transport",
                "--listen 127.0.0.1:0 --upstream 127.0.0.1:1 --trust 10.0.0.0/33 | '10.0.0.0/33' is no network: the prefix must be 0..32",
                "--listen 127.0.0.1:0 --upstream 127.0.0.1:1 --on-unsendable ignore | neither fail nor drop",
                "--listen 127.0.0.1:0 --upstream 127.0.0.1:1 --idle-timeout 0s | not a time such as 500ms",
                "--listen 127.0.0.1:0 --upstream 127.0.0.1:1 --max-flows 0 | not a number of 1..99999999",
                "--listen 127.0.0.1:0 --upstream 127.0.0.1:1 --max-datagram 65528 | '65528' is not a size of 1..65527",
                "--listen 127.0.0.1:0 --upstream 127.0.0.1:1 --no-such | Unknown option: '--no-such'"
            })
    void wrongOptionsAreOneLineAndExitCode2(String options, String message) throws Exception {
        assertFailure(2, message, options.split(" ", -1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2"})
    void portInUseIsOneLineAndExitCode1(String threads) throws Exception {
        try (DatagramSocket other = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            String listen = "127.0.0.1:" + other.getLocalPort();
            assertFailure(
                    1,
                    "cannot listen on " + listen + ": Address already in use",
                    "--listen",
                    listen,
                    "--upstream",
                    "127.0.0.1:1",
                    "--threads",
                    threads);
        }
    }

    @Test
    void secondRelayOnAPortIsRefusedEvenWhereBothHaveThreads() throws Exception {
        try (JavaProgram first = relay("--threads", "2")) {
            String listen = first.awaitReady().toString();
            assertFailure(
                    1, "Address already in use", "--listen", listen, "--upstream", "127.0.0.1:1", "--threads", "2");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--carrier kernel, carrier kernel: ",
        "--listen 192.0.2.1:0, cannot listen on 192.0.2.1:0: Cannot assign requested address",
        "--upstream no-such-host.invalid:53, --upstream: host no-such-host.invalid is not known"
    })
    void whatCannotBeIsOneLineAndExitCode1(String options, String message) throws Exception {
        String all = options;
        all += options.startsWith("--listen") ? "" : " --listen 127.0.0.1:0";
        all += options.startsWith("--upstream") ? "" : " --upstream 127.0.0.1:1";
        assertFailure(1, message, all.split(" ", -1));
    }

    @Test
    void carrierAskedForByNameNeedsItsPrivilegeAndAutoSaysWhatIsMissing() throws Exception {
        String[] options = {"--listen", "127.0.0.1:0", "--upstream", "127.0.0.1:1", "--carrier", "ip-option"};
        try (JavaProgram relay = new JavaProgram(NO_RAW_SOCKETS, UdpRelay.class, options)) {
            assertFailure(relay, 1, "CAP_NET_RAW");
        }
        options[5] = "auto";
        try (JavaProgram relay = new JavaProgram(NO_RAW_SOCKETS, UdpRelay.class, options)) {
            relay.awaitReady();
            assertTrue(relay.stderr().contains("CAP_NET_RAW"), relay.stderr());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fail", "drop"})
    void withoutItsPrivilegeDatagramsAreLostOrTheirTraitsAndBothAreCounted(String policy) throws Exception {
        try (TestPeer upstream = new TestPeer("127.0.0.1");
                TestPeer client = new TestPeer("127.0.0.1");
                JavaProgram relay = new JavaProgram(
                        NO_RAW_SOCKETS,
                        UdpRelay.class,
                        "--listen",
                        "127.0.0.1:0",
                        "--upstream",
                        HostPort.of(upstream.address()).toString(),
                        "--carrier",
                        "auto",
                        "--on-unsendable",
                        policy)) {
            InetSocketAddress address = relay.awaitReady().resolve();
            for (int i = 0; i < 3; i++) {
                client.send(address, "traits", Traits.EMPTY.withFlag(9));
                client.send(address, "none", Traits.EMPTY);
                if (policy.equals("drop")) {
                    // One of both may have to go twice, and comes behind the other then.
                    assertEquals(
                            "traitsnone".length(),
                            upstream.next().text().length()
                                    + upstream.next().text().length());
                } else {
                    upstream.next("none", Traits.EMPTY);
                }
            }
            relay.terminate();
            String totals = relay.readLine();
            assertEquals(0, relay.awaitExit());
            assertEquals(policy.equals("drop") ? 3 : 0, TestRelay.total(totals, "traits-dropped"), totals);
            assertEquals(policy.equals("drop") ? 0 : 3, TestRelay.total(totals, "dropped.unsendable"), totals);
            String log = relay.stderr();
            assertEquals(1, log.split("further ones are only counted", -1).length - 1 - packetTraitsLines(log), log);
        }
    }

    /** What the library says of it. */
    private static long packetTraitsLines(String log) {
        return log.lines().filter(line -> line.contains("Packet traits: first")).count();
    }

    /** Which the HTTP proxy refuses, since its connections then have no traits of the wire. */
    @Test
    void trustIsOfUseWhereConnectionsHaveTheCarrierBpf() throws Exception {
        try (JavaProgram relay = relay("--carrier", "bpf", "--trust", "10.0.0.0/8")) {
            String line = relay.readLine();
            assertTrue(line.endsWith(" carrier=ip-option transport=epoll"), line);
        }
    }

    @Test
    void sigtermPrintsTheTotalsAndExitsWith0() throws Exception {
        try (TestPeer upstream = new TestPeer("127.0.0.1");
                TestPeer client = new TestPeer("127.0.0.1");
                JavaProgram relay =
                        relay("--upstream", HostPort.of(upstream.address()).toString())) {
            String line = relay.readLine();
            assertTrue(
                    line.matches("listening on 127\\.0\\.0\\.1:[1-9][0-9]* carrier=ip-option transport=epoll"), line);
            InetSocketAddress address = HostPort.parse(line.split(" ", -1)[2]).resolve();
            client.send(address, "four", Traits.EMPTY.withFlag(9));
            InetSocketAddress flow =
                    upstream.next("four", Traits.EMPTY.withFlag(9)).sender();
            upstream.send(flow, "back", Traits.EMPTY);
            client.next("back", Traits.EMPTY);
            relay.terminate();
            assertEquals(
                    "totals flows=1 expired=0 to-upstream={received=1 sent=1 bytes=4 with-traits=1}"
                            + " to-clients={received=1 sent=1 bytes=4 with-traits=0} traits-dropped=0 upstream-errors=0"
                            + " dropped={flow-limit=0 no-flow=0 unsendable=0 conflict=0 oversized=0 overload=0"
                            + " send-error=0 closed=0 receive-buffer=0}",
                    relay.readLine());
            assertNull(relay.readLine());
            assertEquals(0, relay.awaitExit());
            assertEquals("", relay.stderr());
        }
    }

    private static JavaProgram relay(String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of("--listen", "127.0.0.1:0"));
        if (!List.of(options).contains("--upstream")) {
            all.addAll(List.of("--upstream", "127.0.0.1:1"));
        }
        all.addAll(List.of(options));
        return new JavaProgram(UdpRelay.class, all.toArray(String[]::new));
    }

    private static void assertFailure(int exit, String message, String... options) throws Exception {
        try (JavaProgram relay = new JavaProgram(UdpRelay.class, options)) {
            assertFailure(relay, exit, message);
        }
    }

    private static void assertFailure(JavaProgram relay, int exit, String message) throws Exception {
        assertNull(relay.readLine());
        assertEquals(exit, relay.awaitExit());
        String stderr = relay.stderr();
        assertTrue(stderr.startsWith("udp-relay: ") && stderr.contains(message), stderr);
        assertEquals(1, stderr.lines().count(), stderr);
    }
}
