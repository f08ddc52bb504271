// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.hop;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;

/** The networks whose hosts are believed. Nobody is, loopback included, unless it is named. Immutable. */
public final class PeerNetworks {
    public static final PeerNetworks NONE = new PeerNetworks(List.of());

    private final List<IpSubnetFilterRule> networks;

    private PeerNetworks(List<IpSubnetFilterRule> networks) {
        this.networks = networks;
    }

    /**
     * Reads a list such as {@code 10.0.0.0/8, 192.0.2.1, fd00::/8}.
     *
     * @throws IllegalArgumentException naming the entry that is no network
     */
    public static PeerNetworks parse(String cidrs) {
        List<IpSubnetFilterRule> networks = new ArrayList<>();
        for (String cidr : cidrs.split(",", -1)) {
            networks.add(network(cidr.trim()));
        }
        return new PeerNetworks(List.copyOf(networks));
    }

    public boolean isEmpty() {
        return networks.isEmpty();
    }

    /** Whether the host of {@code address} is in one of the networks; no host is where the address is not one of IP. */
    public boolean contains(SocketAddress address) {
        if (!(address instanceof InetSocketAddress inet) || inet.isUnresolved()) {
            return false;
        }
        for (IpSubnetFilterRule network : networks) {
            if (network.matches(inet)) {
                return true;
            }
        }
        return false;
    }

    private static IpSubnetFilterRule network(String cidr) {
        int slash = cidr.indexOf('/');
        String host = slash < 0 ? cidr : cidr.substring(0, slash);
        // Netty's rule would ask the DNS for a name.
        byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
        if (address == null) {
            throw new IllegalArgumentException("'" + cidr + "' is no network: expected ADDRESS or ADDRESS/PREFIX");
        }
        int bits = address.length * Byte.SIZE;
        String digits = slash < 0 ? String.valueOf(bits) : cidr.substring(slash + 1);
        int prefix = digits.matches("[0-9]{1,3}") ? Integer.parseInt(digits) : -1;
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException("'" + cidr + "' is no network: the prefix must be 0.." + bits);
        }
        int lowestSetBit = new BigInteger(address).getLowestSetBit();
        if (lowestSetBit >= 0 && lowestSetBit < bits - prefix) {
            throw new IllegalArgumentException("'" + cidr + "' is no network: it has bits set behind its prefix");
        }
        return new IpSubnetFilterRule(host, prefix, IpFilterRuleType.ACCEPT);
    }
}
