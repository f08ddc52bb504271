// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.netty.buffer.ByteBuf;
import io.netty.util.NetUtil;
import io.pkttraits.transport.internal.sys.WireFamily;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * A list of trusted networks.
 *
 * <p>Addresses are compared as 128 bits, IPv4 addresses in their IPv4-mapped form. So {@code 0.0.0.0/0} contains all IPv4 addresses,
 * and {@code ::/0} contains all addresses. Host names are not accepted, so the DNS is never asked. Immutable and thread-safe. Looking
 * up an address allocates nothing.
 */
public final class PeerNetworks {
    /** The empty list: no address is in it, not even loopback. */
    public static final PeerNetworks NONE = new PeerNetworks(0);

    private static final List<String> LOOPBACK = List.of("127.0.0.0/8", "::1");

    private static final int IPV4_PREFIX = 96;

    private final long[] high;
    private final long[] low;
    private final long[] highMask;
    private final long[] lowMask;

    private PeerNetworks(int count) {
        high = new long[count];
        low = new long[count];
        highMask = new long[count];
        lowMask = new long[count];
    }

    /**
     * The networks of a list such as {@code 10.0.0.0/8, 192.0.2.1, fd00::/8}, and no others.
     *
     * @throws IllegalArgumentException naming the entry that is no network
     */
    public static PeerNetworks parse(String cidrs) {
        return of(List.of(cidrs.split(",", -1)));
    }

    /**
     * Loopback and a list such as {@code 10.0.0.0/8, 192.0.2.1, fd00::/8}, which may be empty.
     *
     * @throws IllegalArgumentException naming the entry that is no network
     */
    public static PeerNetworks loopbackAnd(String cidrs) {
        List<String> all = new ArrayList<>(LOOPBACK);
        if (!cidrs.isBlank()) {
            all.addAll(List.of(cidrs.split(",", -1)));
        }
        return of(all);
    }

    /**
     * These networks alone, each {@code ADDRESS} or {@code ADDRESS/PREFIX}.
     *
     * @throws IllegalArgumentException naming the entry that is no network
     */
    public static PeerNetworks of(List<String> cidrs) {
        PeerNetworks peers = new PeerNetworks(cidrs.size());
        for (int i = 0; i < cidrs.size(); i++) {
            peers.set(i, cidrs.get(i).trim());
        }
        return peers;
    }

    private void set(int i, String cidr) {
        int slash = cidr.indexOf('/');
        String host = slash < 0 ? cidr : cidr.substring(0, slash);
        // A scope (fe80::1%eth0), which Netty reads and drops, would seem to be looked at.
        byte[] address = host.indexOf('%') < 0 ? NetUtil.createByteArrayFromIpAddressString(host) : null;
        if (address == null) {
            throw new IllegalArgumentException("'" + cidr + "' is no network: expected ADDRESS or ADDRESS/PREFIX");
        }
        int bits = address.length * 8;
        int prefix = bits;
        if (slash >= 0) {
            String digits = cidr.substring(slash + 1);
            prefix = digits.matches("[0-9]{1,3}") ? Integer.parseInt(digits) : -1;
            if (prefix < 0 || prefix > bits) {
                throw new IllegalArgumentException("'" + cidr + "' is no network: the prefix must be 0.." + bits);
            }
        }
        if (address.length == 4) {
            prefix += IPV4_PREFIX;
            low[i] = WireFamily.IPV4_MAPPED_LOW | longAt(address, 0, 4);
        } else {
            high[i] = longAt(address, 0, 8);
            low[i] = longAt(address, 8, 8);
        }
        highMask[i] = mask(prefix);
        lowMask[i] = mask(prefix - 64);
        if ((high[i] & ~highMask[i]) != 0 || (low[i] & ~lowMask[i]) != 0) {
            throw new IllegalArgumentException("'" + cidr + "' is no network: it has bits set behind its prefix");
        }
    }

    /** Returns true if the IPv4 address in the 4 bytes at {@code index} is in one of the networks. The buffer's indexes do not change. */
    public boolean containsIpv4(ByteBuf buf, int index) {
        return contains(WireFamily.IPV4_MAPPED_HIGH, WireFamily.IPV4_MAPPED_LOW | buf.getUnsignedInt(index));
    }

    /** Returns true if the IPv6 address in the 16 bytes at {@code index} is in one of the networks. The buffer's indexes do not change. */
    public boolean containsIpv6(ByteBuf buf, int index) {
        return contains(buf.getLong(index), buf.getLong(index + 8));
    }

    /** Returns true if no network is listed. */
    public boolean isEmpty() {
        return high.length == 0;
    }

    /** Returns true if {@code address} is in one of the networks; false if it is unresolved or is not an IP address. */
    public boolean contains(SocketAddress address) {
        return address instanceof InetSocketAddress inet && !inet.isUnresolved() && contains(inet.getAddress());
    }

    boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4
                ? contains(WireFamily.IPV4_MAPPED_HIGH, WireFamily.IPV4_MAPPED_LOW | longAt(bytes, 0, 4))
                : contains(longAt(bytes, 0, 8), longAt(bytes, 8, 8));
    }

    private boolean contains(long addressHigh, long addressLow) {
        for (int i = 0; i < high.length; i++) {
            if ((addressHigh & highMask[i]) == high[i] && (addressLow & lowMask[i]) == low[i]) {
                return true;
            }
        }
        return false;
    }

    private static long mask(int prefix) {
        if (prefix <= 0) {
            return 0;
        }
        return prefix >= 64 ? -1L : -1L << (64 - prefix);
    }

    private static long longAt(byte[] bytes, int from, int length) {
        long value = 0;
        for (int i = 0; i < length; i++) {
            value = (value << 8) | (bytes[from + i] & 0xff);
        }
        return value;
    }
}
