// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.hop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.local.LocalAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerNetworksTest {
    @ParameterizedTest
    @CsvSource({
        "10.255.0.1, true",
        "11.0.0.0, false",
        "192.0.2.1, true",
        "192.0.2.2, false",
        "fd00::1, true",
        "fe00::1, false",
        "127.0.0.1, false",
        "::1, false",
        // Java makes the IPv4 address of it that it is.
        "::ffff:10.0.0.1, true",
    })
    void hostsOfTheListAreBelievedAlone(String host, boolean believed) {
        PeerNetworks networks = PeerNetworks.parse("10.0.0.0/8, 192.0.2.1,fd00::/8");
        assertEquals(believed, networks.contains(new InetSocketAddress(host, 1)));
    }

    @Test
    void zeroPrefixIsEverybodyOfOneFamily() {
        PeerNetworks networks = PeerNetworks.parse("0.0.0.0/0");
        assertTrue(networks.contains(new InetSocketAddress("203.0.113.9", 1)));
        assertFalse(networks.contains(new InetSocketAddress("2001:db8::1", 1)));
    }

    @Test
    void whatIsNoAddressIsNobody() {
        PeerNetworks networks = PeerNetworks.parse("0.0.0.0/0");
        assertFalse(networks.contains(null));
        assertFalse(networks.contains(new LocalAddress("a")));
        assertFalse(networks.contains(InetSocketAddress.createUnresolved("10.0.0.1", 1)));
        assertFalse(PeerNetworks.NONE.contains(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "10.0.0.0/8,",
                "localhost",
                "example.org/24",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/",
                "10.0.0.1/8",
                "10.0.0/8",
                "::/129",
                "::1/64",
                "10.0.0.0/8/8",
                "10.0.0.0/0x8",
                "255.255.255.255/0"
            })
    void refusesEverythingElse(String cidrs) {
        assertThrows(IllegalArgumentException.class, () -> PeerNetworks.parse(cidrs));
    }
}
