// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.datagram;

import io.netty.util.concurrent.FastThreadLocal;
import io.pkttraits.transport.internal.sys.NativeMemory;
import io.pkttraits.transport.internal.sys.SockaddrIn;
import io.pkttraits.transport.internal.sys.SockaddrIn6;
import io.pkttraits.transport.internal.sys.WireFamily;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * Turns socket addresses that the kernel wrote into objects. It keeps the latest ones, so that a datagram of a recent
 * peer allocates none. Each thread has its own cache.
 */
final class AddressCache {
    private static final int SIZE = 512;
    private static final FastThreadLocal<AddressCache> THREAD = new FastThreadLocal<>() {
        @Override
        protected AddressCache initialValue() {
            return new AddressCache();
        }
    };

    private final long[] high = new long[SIZE];
    private final long[] low = new long[SIZE];
    private final long[] portAndScope = new long[SIZE];
    private final InetSocketAddress[] addresses = new InetSocketAddress[SIZE];

    private AddressCache() {}

    static AddressCache ofThread() {
        return THREAD.get();
    }

    /** Returns the address at {@code at}, or {@code null} if it has neither family. IPv4-mapped addresses become IPv4. */
    InetSocketAddress get(NativeMemory memory, int at, int family) {
        return switch (family) {
            case SockaddrIn.AF_INET ->
                get(
                        WireFamily.IPV4_MAPPED_HIGH,
                        WireFamily.IPV4_MAPPED_LOW | memory.bytes().getUnsignedInt(at + SockaddrIn.SIN_ADDR),
                        memory.bytes().getUnsignedShort(at + SockaddrIn.SIN_PORT),
                        0);
            case SockaddrIn6.AF_INET6 ->
                get(
                        memory.bytes().getLong(at + SockaddrIn6.SIN6_ADDR),
                        memory.bytes().getLong(at + SockaddrIn6.SIN6_ADDR + 8),
                        memory.bytes().getUnsignedShort(at + SockaddrIn6.SIN6_PORT),
                        memory.host().getInt(at + SockaddrIn6.SIN6_SCOPE_ID));
            default -> null;
        };
    }

    private InetSocketAddress get(long addressHigh, long addressLow, int port, int scope) {
        long rest = (long) scope << 16 | port;
        long mixed = (addressHigh * 31 + addressLow) * 31 + rest;
        int slot = (int) (mixed ^ mixed >>> 16 ^ mixed >>> 32) & SIZE - 1;
        InetSocketAddress known = addresses[slot];
        if (known != null && high[slot] == addressHigh && low[slot] == addressLow && portAndScope[slot] == rest) {
            return known;
        }
        InetSocketAddress created = new InetSocketAddress(address(addressHigh, addressLow, scope), port);
        high[slot] = addressHigh;
        low[slot] = addressLow;
        portAndScope[slot] = rest;
        addresses[slot] = created;
        return created;
    }

    private static InetAddress address(long addressHigh, long addressLow, int scope) {
        boolean ipv4 = WireFamily.isIpv4Mapped(addressHigh, addressLow);
        byte[] bytes = new byte[ipv4 ? 4 : 16];
        for (int i = 0; i < bytes.length; i++) {
            int fromEnd = bytes.length - 1 - i;
            bytes[i] = (byte) ((fromEnd < 8 ? addressLow : addressHigh) >>> ((fromEnd & 7) * 8));
        }
        try {
            return ipv4 || scope == 0 ? InetAddress.getByAddress(bytes) : Inet6Address.getByAddress(null, bytes, scope);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 bytes are an address", e);
        }
    }
}
