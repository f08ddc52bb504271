// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.udp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.proxy.JavaProgram;
import io.pkttraits.proxy.PythonProgram;
import io.pkttraits.proxy.net.HostPort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On a host with several addresses, which is a network namespace, replies come from the address that was asked. */
@Timeout(60)
class WildcardListenTest {
    private static final String NETNS =
            "pkttraits-udp-relay-" + ProcessHandle.current().pid();
    private static final String CLIENT_IPV4 = "10.9.8.5";
    private static final String CLIENT_IPV6 = "fd00::5";
    private static final List<String> THERE = List.of("ip", "netns", "exec", NETNS);

    @BeforeEach
    void addHost() throws Exception {
        run("ip", "netns", "add", NETNS);
        run("ip", "-n", NETNS, "link", "set", "lo", "up");
        run("ip", "-n", NETNS, "address", "add", "10.9.8.7/32", "dev", "lo");
        run("ip", "-n", NETNS, "address", "add", "10.9.8.6/32", "dev", "lo");
        run("ip", "-n", NETNS, "address", "add", CLIENT_IPV4 + "/32", "dev", "lo");
        run("ip", "-n", NETNS, "address", "add", "fd00::1/128", "dev", "lo", "nodad");
        run("ip", "-n", NETNS, "address", "add", CLIENT_IPV6 + "/128", "dev", "lo", "nodad");
    }

    @AfterEach
    void removeHost() throws Exception {
        run("ip", "netns", "delete", NETNS);
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 1, 127.0.0.1 10.9.8.6 10.9.8.7",
        "::, 1, 127.0.0.1 10.9.8.6 10.9.8.7 ::1 fd00::1",
        "::, 2, 127.0.0.1 10.9.8.6 10.9.8.7 ::1 fd00::1"
    })
    void repliesComeFromTheAddressThatWasAsked(String wildcard, String threads, String addresses) throws Exception {
        try (PythonProgram upstream = new PythonProgram(THERE, "echo.py", "127.0.0.1");
                JavaProgram relay = new JavaProgram(
                        THERE,
                        UdpRelay.class,
                        "--listen",
                        new HostPort(wildcard, 0).toString(),
                        "--upstream",
                        "127.0.0.1:" + upstream.readLine(),
                        "--threads",
                        threads)) {
            HostPort listening = relay.awaitReady();
            assertEquals(wildcard, listening.host());
            List<String> arguments =
                    new ArrayList<>(List.of(String.valueOf(listening.port()), CLIENT_IPV4, CLIENT_IPV6));
            StringBuilder expected = new StringBuilder();
            for (String address : addresses.split(" ", -1)) {
                arguments.add(address);
                expected.append(address).append(": ").append(address).append('\n');
            }
            try (PythonProgram client = new PythonProgram(THERE, "ask.py", arguments.toArray(String[]::new))) {
                assertEquals(expected.toString(), client.awaitEnd());
            }
        }
    }

    @Test
    void portInUseAtOneAddressIsRefused() throws Exception {
        try (PythonProgram other = new PythonProgram(THERE, "echo.py", "10.9.8.7")) {
            String listen = "0.0.0.0:" + other.readLine();
            try (JavaProgram relay =
                    new JavaProgram(THERE, UdpRelay.class, "--listen", listen, "--upstream", "127.0.0.1:1")) {
                assertEquals(1, relay.awaitExit());
                assertTrue(relay.stderr().contains("Address already in use"), relay.stderr());
            }
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(
                process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0,
                () -> String.join(" ", command) + ": " + output);
    }
}
