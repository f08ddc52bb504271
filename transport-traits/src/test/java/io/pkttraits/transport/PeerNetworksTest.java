// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.local.LocalAddress;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PeerNetworksTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, true",
        "127.255.255.255, true",
        "128.0.0.1, false",
        "10.0.0.1, false",
        "::1, true",
        "::2, false",
        "fe80::1, false",
    })
    void loopbackAloneIsTrustedByDefault(String address, boolean trusted) {
        assertEquals(trusted, contains(PeerNetworks.loopbackAnd(""), address));
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.0/23, 10.1.3.255, true",
        "10.1.2.0/23, 10.1.4.0, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::1, false",
        "2001:db8::/64, 2001:db8:0:1::1, false",
        "2001:db8::8/125, 2001:db8::f, true",
        "2001:db8::8/125, 2001:db8::10, false",
        "::/0, 2001:db8::10, true",
        "::ffff:192.0.2.0/120, 192.0.2.200, true",
        "'10.0.0.0/8, 192.0.2.1', 192.0.2.1, true",
        "192.0.2.1, 127.0.0.1, true",
    })
    void listOfNetworksDecides(String cidrs, String address, boolean trusted) {
        assertEquals(trusted, contains(PeerNetworks.loopbackAnd(cidrs), address));
    }

    @ParameterizedTest
    @CsvSource({
        "10.255.0.1, true",
        "11.0.0.0, false",
        "fd00::1, true",
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
    void prefixOfZeroIsAllOfIpv4OrEverybody() {
        InetSocketAddress ipv4 = new InetSocketAddress("203.0.113.9", 1);
        InetSocketAddress ipv6 = new InetSocketAddress("2001:db8::1", 1);
        assertTrue(PeerNetworks.parse("0.0.0.0/0").contains(ipv4));
        assertFalse(PeerNetworks.parse("0.0.0.0/0").contains(ipv6));
        assertTrue(PeerNetworks.parse("::/0").contains(ipv4));
        assertTrue(PeerNetworks.parse("::/0").contains(ipv6));
    }

    @Test
    void whatIsNoAddressIsNobody() {
        PeerNetworks networks = PeerNetworks.parse("::/0");
        assertFalse(networks.contains((SocketAddress) null));
        assertFalse(networks.contains(new LocalAddress("a")));
        assertFalse(networks.contains(InetSocketAddress.createUnresolved("10.0.0.1", 1)));
        assertFalse(PeerNetworks.NONE.contains(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1)));
        assertTrue(PeerNetworks.NONE.isEmpty());
        assertFalse(networks.isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "example.org/24",
                "10.0.0/8",
                "10.0.0.0/8/8",
                "10.0.0.0/0x8",
                "255.255.255.255/0",
                "fe80::1%eth0",
            })
    void listThatIsNoneIsRefused(String cidrs) {
        assertThrows(IllegalArgumentException.class, () -> PeerNetworks.parse(cidrs));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/",
                "::1/129",
                "10.0.0.0/8,",
                "10.1.2.77/23",
                "fd00::1/64",
                "10.0.0/8 x"
            })
    void entryThatIsNoNetworkIsNamed(String cidrs) {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> PeerNetworks.loopbackAnd(cidrs));
        assertTrue(e.getMessage().contains("is no network"), e.getMessage());
    }

    @Test
    void indexIsWhereTheAddressBegins() {
        ByteBuf buf = Unpooled.wrappedBuffer(new byte[] {9, 9, 9, 127, 0, 0, 1, 9});
        assertTrue(PeerNetworks.loopbackAnd("127.0.0.1").containsIpv4(buf, 3));
    }

    private static boolean contains(PeerNetworks peers, String address) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        ByteBuf buf = Unpooled.wrappedBuffer(bytes);
        return bytes.length == 4 ? peers.containsIpv4(buf, 0) : peers.containsIpv6(buf, 0);
    }
}
