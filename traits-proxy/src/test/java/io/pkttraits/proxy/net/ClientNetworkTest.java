// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.netty.channel.local.LocalAddress;
import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClientNetworkTest {
    private static ClientNetwork of(String address) throws Exception {
        return ClientNetwork.of(new InetSocketAddress(
                InetAddress.getByAddress(NetUtil.createByteArrayFromIpAddressString(address)), 1));
    }

    @Test
    void everyIpv4AddressIsAClient() throws Exception {
        assertEquals(of("192.0.2.1"), ClientNetwork.of(new InetSocketAddress("192.0.2.1", 4711)));
        assertNotEquals(of("192.0.2.1"), of("192.0.2.2"));
        assertEquals("192.0.2.1", of("192.0.2.1").toString());
        assertEquals("255.255.255.255", of("255.255.255.255").toString());
    }

    @Test
    void addressesOfASlash64AreOneClient() throws Exception {
        assertEquals(of("2001:db8:0:1::1"), of("2001:db8:0:1:ffff:ffff:ffff:ffff"));
        assertNotEquals(of("2001:db8:0:1::1"), of("2001:db8:0:2::1"));
        assertEquals("2001:db8:0:1::/64", of("2001:db8:0:1::1").toString());
    }

    @Test
    void mappedAddressIsTheIpv4OneThatItIs() throws Exception {
        byte[] mapped = new byte[16];
        mapped[10] = -1;
        mapped[11] = -1;
        mapped[12] = (byte) 192;
        mapped[14] = 2;
        mapped[15] = 1;
        InetAddress address = Inet6Address.getByAddress(null, mapped, -1);
        assertEquals(of("192.0.2.1"), ClientNetwork.of(new InetSocketAddress(address, 1)));
    }

    @Test
    void familiesAreToldApart() throws Exception {
        Set<ClientNetwork> all = new HashSet<>();
        for (String address :
                new String[] {"0.0.0.0", "127.0.0.1", "255.255.255.255", "::1", "fe80::1", "::7f00:1:0:0:0:1"}) {
            all.add(of(address));
        }
        assertEquals(6, all.size());
    }

    @Test
    void whatHasNoAddressIsOneClient() {
        ClientNetwork unknown = ClientNetwork.of(new LocalAddress("a"));
        assertEquals(unknown, ClientNetwork.of(InetSocketAddress.createUnresolved("host", 1)));
        assertEquals(unknown, ClientNetwork.of(null));
    }
}
