// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {
    @Test
    void readsNamesIpv4AndIpv6() {
        assertEquals(new HostPort("example.org", 80), HostPort.parse("example.org:80"));
        assertEquals(new HostPort("127.0.0.1", 0), HostPort.parse("127.0.0.1:0"));
        assertEquals(new HostPort("fd00::1", 65535), HostPort.parse("[fd00::1]:65535"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", ":", "a", "a:", ":80", "a:65536", "a:-1", "a:8o", "::1:80", "[a]:80", "[]:80", "[::1]80", "a b:1"
            })
    void refusesEverythingElse(String text) {
        assertThrows(IllegalArgumentException.class, () -> HostPort.parse(text));
    }

    @Test
    void writesIpv6InBracketsAndShort() throws Exception {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByName("0:0:0:0:0:0:0:1"), 8080);
        assertEquals("[::1]:8080", HostPort.of(address).toString());
        assertEquals("127.0.0.1:1", HostPort.parse("127.0.0.1:1").toString());
    }

    @Property
    void anyTextIsReadBackOrRefused(@ForAll String text) {
        try {
            HostPort address = HostPort.parse(text);
            assertEquals(address, HostPort.parse(address.toString()));
        } catch (IllegalArgumentException e) {
            assertEquals(0, e.getMessage().indexOf("'" + text + "' is not HOST:PORT"));
        }
    }
}
