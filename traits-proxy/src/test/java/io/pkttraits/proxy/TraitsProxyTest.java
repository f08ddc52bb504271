// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.proxy.net.HostPort;
import io.pkttraits.proxy.net.IoTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The program as its user sees it: options, exit codes, signals. */
@Timeout(60)
class TraitsProxyTest {
    @TempDir
    Path dir;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--upstream 127.0.0.1:1 | Missing option: '--listen=HOST:PORT' or '--listen-h3=HOST:PORT'",
                "--listen 8080 --upstream 127.0.0.1:1 | '8080' is not HOST:PORT: no port",
                "--listen ::1:80 --upstream 127.0.0.1:1 | an IPv6 address goes in brackets",
                "--listen 127.0.0.1:65536 --upstream 127.0.0.1:1 | not a number of 0..65535",
                "--listen 127.0.0.1:0 --upstream 127.0.0.1:0 | port 0",
                "--listen 127.0.0.1:0 --upstream 127.0.0.1:1 --forward 64 | '64' is neither a key of 0..63 nor a name in the registry",
                "--listen 127.0.0.1:0 --upstream 127.0.0.1:1 --carrier mark | 'mark' is not a carrier",
                "--listen 127.0.0.1:0 --upstream 127.0.0.1:1 --transport nio | 'nio' is not a transport",
                "--listen 127.0.0.1:0 --upstream 127.0.0.1:1 --trust 10.0.0.0/33 | '10.0.0.0/33' is no network: the prefix must be 0..32",
                "--listen 127.0.0.1:0 --upstream 127.0.0.1:1 --carrier bpf --trust 10.0.0.0/8 | --trust has no effect on the carrier bpf",
                "--listen 127.0.0.1:0 --upstream 127.0.0.1:1 --on-unsendable ignore | neither fail nor drop",
                "--listen 127.0.0.1:0 --upstream 127.0.0.1:1 --idle-timeout 0s | not a time such as 500ms",
                "--listen 127.0.0.1:0 --upstream 127.0.0.1:1 --max-total-connections 0 | not a number of 1..99999999",
                "--listen 127.0.0.1:0 --upstream 127.0.0.1:1 --cert a.pem | --cert and --key go together",
                "--listen-h3 127.0.0.1:0 --upstream 127.0.0.1:1 --key a.pem | --cert and --key go together",
                "--listen 127.0.0.1:0 --upstream 127.0.0.1:1 --key a.pem | --cert and --key go together",
                "--listen 127.0.0.1:0 --upstream 127.0.0.1:1 --accept-field-from a.example | 'a.example' is no network",
                "--listen 127.0.0.1:0 --upstream 127.0.0.1:1 --accept-proxy-v2-from 10.0.0.1/8 | bits set behind its prefix",
                "--listen 127.0.0.1:0 --upstream 127.0.0.1:1 --send-field=no | 'no' is none of: only, both",
                "--listen 127.0.0.1:0 --upstream 127.0.0.1:1 --send-proxy-v2=no | 'no' is none of: only, both",
                "--listen 127.0.0.1:0 --upstream 127.0.0.1:1 --field-merge first | none of: keep-first, keep-last, error",
                "--listen 127.0.0.1:0 --upstream 127.0.0.1:1 --proxy-v2-header no | 'no' is none of: required, optional",
                "--listen 127.0.0.1:0 --upstream 127.0.0.1:1 --proxy-v2-tlv 256 | '256' is not a type of 0..255",
                "--listen 127.0.0.1:0 --upstream 127.0.0.1:1 --proxy-v2-tlv 0x03 | '0x03' is not a type",
                "--listen 127.0.0.1:0 --upstream 127.0.0.1:1 --no-such | Unknown option: '--no-such'"
            })
    void wrongOptionsAreOneLineAndExitCode2(String options, String message) throws Exception {
        assertFailure(2, message, options.split(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "max-total-connections = 0 | :1: max-total-connections: '0' is not a number",
                "threads = [] | :1: threads: an empty list",
                "listen = '127.0.0.1' | :1: listen: '127.0.0.1' is not HOST:PORT",
                "tls = 'maybe' | :1: tls: expected true or false",
                "no-such = 1 | :1: 'no-such' is no option of traits-proxy",
                "config = 'x' | :1: 'config' is no option of traits-proxy",
                "listen = 1979-05-27 | :1: listen: expected a string",
                "[[forward]];only = [64] | :2: only: '64' is neither a key",
                "listen = | :1: ",
            })
    void wrongConfigIsOneLineThatNamesFileAndLine(String text, String message) throws Exception {
        Path file = Files.writeString(dir.resolve("proxy.toml"), text.replace(";", "\n"));
        assertFailure(
                2, file + message, "--listen", "127.0.0.1:0", "--upstream", "127.0.0.1:1", "--config", file.toString());
    }

    @Test
    void configThatIsNotThereIsOneLineAndExitCode2() throws Exception {
        assertFailure(2, "/no/such.toml: does not exist", "--config", "/no/such.toml");
    }

    @Test
    void configHasOptionsAndTheCommandLineIsStronger() throws Exception {
        Path file = Files.writeString(dir.resolve("proxy.toml"), """
                listen = "127.0.0.1:0"
                upstream = "127.0.0.1:1"
                carrier = "none"
                transport = "io_uring"
                threads = 1
                tls = true

                [[forward]]
                except = [4]
                """);
        try (JavaProgram proxy = new JavaProgram(TraitsProxy.class, "--config", file.toString(), "--transport=epoll")) {
            String line = proxy.readLine();
            assertTrue(line.endsWith(" carrier=none transport=epoll"), line);
        }
        assertFailure(2, "proxy.toml:8: there are [[forward]] rules", "--config", file.toString(), "--forward", "4");
    }

    @Test
    void portInUseIsOneLineAndExitCode1() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String listen = "127.0.0.1:" + other.getLocalPort();
            assertFailure(1, "cannot listen on " + listen, "--listen", listen, "--upstream", "127.0.0.1:1");
        }
    }

    @Test
    void certificateThatIsNotThereIsOneLineAndExitCode1() throws Exception {
        String message = "--cert /no/cert.pem --key /no/key.pem: ";
        String[] options =
                "--listen 127.0.0.1:0 --upstream 127.0.0.1:1 --cert /no/cert.pem --key /no/key.pem".split(" ", -1);
        assertFailure(1, message, options);
    }

    @Test
    void registryThatIsNotThereIsOneLineAndExitCode1() throws Exception {
        String[] options = "--listen 127.0.0.1:0 --upstream 127.0.0.1:1 --registry /no/traits.toml".split(" ", -1);
        assertFailure(1, "/no/traits.toml: does not exist", options);
    }

    @Test
    void carrierThatIsNotThereIsOneLineAndExitCode1() throws Exception {
        assertFailure(
                1, "carrier kernel: ", "--listen", "127.0.0.1:0", "--upstream", "127.0.0.1:1", "--carrier", "kernel");
    }

    @Test
    void unknownHostIsOneLineAndExitCode1() throws Exception {
        assertFailure(
                1,
                "--upstream: host no-such-host.invalid is not known",
                "--listen",
                "127.0.0.1:0",
                "--upstream",
                "no-such-host.invalid:80");
    }

    @EachTransport
    void readyLineNamesAddressCarrierAndTransport(IoTransport transport) throws Exception {
        try (JavaProgram proxy = new JavaProgram(
                TraitsProxy.class,
                "--listen",
                "[::1]:0",
                "--upstream",
                "[::1]:1",
                "--carrier",
                "none",
                "--transport",
                transport.toString())) {
            String line = proxy.readLine();
            assertTrue(line.matches("listening on \\[::1\\]:[1-9][0-9]* carrier=none transport=" + transport), line);
        }
    }

    @EachTransport
    void sigtermFinishesRequestsInFlightAndExitsWith0(IoTransport transport) throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        try (ScriptedUpstream upstream = new ScriptedUpstream((wire, connection) -> {
                    wire.readHead();
                    arrived.countDown();
                    answer.await();
                    wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 2").send("ok");
                    wire.readAll();
                });
                JavaProgram proxy = JavaProgram.proxy(
                        HostPort.of(upstream.address()).toString(), "--transport", transport.toString())) {
            HostPort address = proxy.awaitReady();
            try (HttpWire busy = connect(address);
                    HttpWire unused = connect(address)) {
                busy.sendHead("GET / HTTP/1.1", "Host: a");
                arrived.await();
                proxy.terminate();
                assertTrue(unused.isAtEnd());
                assertThrows(IOException.class, () -> connect(address).close());
                answer.countDown();
                String response = busy.readMessage();
                assertTrue(response.contains("\nconnection: close\n") && response.endsWith("\nok"), response);
                assertTrue(busy.isAtEnd());
            }
            assertEquals(0, proxy.awaitExit());
            String log = proxy.readLine();
            assertTrue(
                    log.contains(" method=GET uri=\"/\" version=HTTP/1.1 status=200 bytes=2 ")
                            && log.contains(" end=complete "),
                    log);
            assertNull(proxy.readLine());
        }
    }

    @EachTransport
    void graceEndsRequestsThatDoNot(IoTransport transport) throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        try (ScriptedUpstream upstream = new ScriptedUpstream((wire, connection) -> {
                    wire.readHead();
                    arrived.countDown();
                    wire.readAll();
                });
                JavaProgram proxy = JavaProgram.proxy(
                        HostPort.of(upstream.address()).toString(),
                        "--shutdown-grace",
                        "200ms",
                        "--transport",
                        transport.toString())) {
            try (HttpWire client = connect(proxy.awaitReady())) {
                client.sendHead("GET / HTTP/1.1", "Host: a");
                arrived.await();
                proxy.terminate();
                assertTrue(client.isAtEnd());
            }
            assertEquals(0, proxy.awaitExit());
            assertTrue(
                    proxy.stderr().contains("closed requests that were still in flight after 200 ms"), proxy.stderr());
        }
    }

    private static void assertFailure(int exit, String message, String... options) throws Exception {
        try (JavaProgram proxy = new JavaProgram(TraitsProxy.class, options)) {
            assertNull(proxy.readLine());
            assertEquals(exit, proxy.awaitExit());
            String stderr = proxy.stderr();
            assertTrue(stderr.startsWith("traits-proxy: ") && stderr.contains(message), stderr);
            assertEquals(1, stderr.lines().count(), stderr);
        }
    }

    private static HttpWire connect(HostPort address) throws IOException {
        return new HttpWire(new Socket(address.host(), address.port()));
    }
}
