// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.Traits;
import io.pkttraits.proxy.hop.HeaderBytes;
import io.pkttraits.proxy.net.HostPort;
import io.pkttraits.proxy.net.IoTransport;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The options for hops that lose traits, as a user gives them, where packets carry none. */
@Timeout(60)
class HopOptionsTest {
    @Test
    void headerAndFieldComeInAndBothGoOutAndTheLogTellsSo() throws Exception {
        Traits traits = Traits.builder().put(4, new byte[] {1, 2}).build();
        String[] options =
                ("--carrier none --accept-proxy-v2-from 127.0.0.1 --proxy-v2-tlv 0xe2 --accept-field-from 192.0.2.0/24"
                                + " --field-merge keep-last --send-proxy-v2 --send-field")
                        .split(" ", -1);
        try (ScriptedUpstream upstream = new ScriptedUpstream((wire, connection) -> {
                    wire.read(28 + 7);
                    wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 0", "X-Saw: " + fieldOf(wire.readHead()));
                    wire.readAll();
                });
                JavaProgram proxy =
                        JavaProgram.proxy(HostPort.of(upstream.address()).toString(), options)) {
            HostPort address = proxy.awaitReady();
            try (HttpWire client = new HttpWire(new Socket(address.host(), address.port()))) {
                client.send(HeaderBytes.ipv4().traits(traits).bytes())
                        .sendHead("GET / HTTP/1.1", "Host: a", "Packet-Traits: k4=:AwQ=:");
                String response = client.readMessage();
                assertTrue(response.contains("\nx-saw: k4=:AwQ=:\n"), response);
            }
            proxy.terminate();
            assertEquals(0, proxy.awaitExit());
            String log = proxy.readLine();
            assertTrue(log.contains("peer=192.0.2.1:4242 "), log);
            assertTrue(log.endsWith(" traits={4=0x0304} forwarded={4=0x0304}"), log);
        }
    }

    @Test
    void fieldIsSentWhereNoCarrierIs() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.answering("HTTP/1.1 200 OK", "Content-Length: 0", "", "");
                JavaProgram proxy = JavaProgram.proxy(
                        HostPort.of(upstream.address()).toString(),
                        "--carrier",
                        "none",
                        "--accept-field-from",
                        "127.0.0.0/8",
                        "--send-field=only")) {
            HostPort address = proxy.awaitReady();
            try (HttpWire client = new HttpWire(new Socket(address.host(), address.port()))) {
                client.sendHead("GET / HTTP/1.1", "Host: a", "Packet-Traits: k4")
                        .readMessage();
                assertEquals("k4", fieldOf(upstream.next()));
            }
        }
    }

    /** Its address is an IPv4-mapped one to the kernel. */
    @EachTransport
    void ipv4ClientOfAnIpv6ListenerIsBelievedByItsIpv4Network(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.answering("HTTP/1.1 200 OK", "Content-Length: 0", "", "");
                JavaProgram proxy = new JavaProgram(
                        TraitsProxy.class,
                        "--listen",
                        "[::]:0",
                        "--upstream",
                        HostPort.of(upstream.address()).toString(),
                        "--transport",
                        transport.toString(),
                        "--carrier",
                        "none",
                        "--accept-field-from",
                        "127.0.0.0/8",
                        "--send-field")) {
            int port = proxy.awaitReady().port();
            assertEquals("k4", fieldThatGoesOn("127.0.0.1", port, upstream));
            assertEquals("none", fieldThatGoesOn("::1", port, upstream));
        }
    }

    private static String fieldThatGoesOn(String host, int port, ScriptedUpstream upstream) throws Exception {
        try (HttpWire client = new HttpWire(new Socket(host, port))) {
            client.sendHead("GET / HTTP/1.1", "Host: a", "Packet-Traits: k4").readMessage();
            return fieldOf(upstream.next());
        }
    }

    private static String fieldOf(String head) {
        return head.lines()
                .filter(line -> line.startsWith("packet-traits: "))
                .map(line -> line.substring(15))
                .findFirst()
                .orElse("none");
    }
}
