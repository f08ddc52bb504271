// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * What counts as one client: an IPv4 address, or the /64 of an IPv6 address, since a host can have all addresses of that.
 *
 * <p>Comparable so that a hash map stays fast whatever networks its attacker has.
 *
 * @param bits the /64, or the IPv4 address behind a prefix that no host has
 */
public record ClientNetwork(long bits) implements Comparable<ClientNetwork> {
    /** In ff00::/8, which is multicast. */
    private static final long IPV4_PREFIX = 0xffff_ffffL << 32;

    /** Behind the /64 of an IPv4-mapped address, which is 0. */
    private static final int MAPPED = 0xffff;

    private static final ClientNetwork UNKNOWN = new ClientNetwork(0);

    /** That of a client's address. All without an IP address are one. */
    public static ClientNetwork of(SocketAddress client) {
        if (!(client instanceof InetSocketAddress inet) || inet.isUnresolved()) {
            return UNKNOWN;
        }
        ByteBuf address = Unpooled.wrappedBuffer(inet.getAddress().getAddress());
        if (address.readableBytes() == Integer.BYTES) {
            return ofIpv4(address.readInt());
        }
        long network = address.readLong();
        boolean mapped = network == 0 && address.readInt() == MAPPED;
        return mapped ? ofIpv4(address.readInt()) : new ClientNetwork(network);
    }

    private static ClientNetwork ofIpv4(int address) {
        return new ClientNetwork(IPV4_PREFIX | Integer.toUnsignedLong(address));
    }

    @Override
    public int compareTo(ClientNetwork other) {
        return Long.compare(bits, other.bits);
    }

    @Override
    public String toString() {
        if ((bits & IPV4_PREFIX) == IPV4_PREFIX) {
            return NetUtil.intToIpAddress((int) bits);
        }
        byte[] address = new byte[2 * Long.BYTES];
        Unpooled.wrappedBuffer(address).setLong(0, bits);
        return NetUtil.bytesToIpAddress(address) + "/64";
    }
}
