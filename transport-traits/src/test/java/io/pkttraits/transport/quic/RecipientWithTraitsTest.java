// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.quic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.pkttraits.Traits;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Whoever gets such an address takes it for the plain one. */
final class RecipientWithTraitsTest {
    @Provide
    Arbitrary<InetSocketAddress> addresses() {
        Arbitrary<byte[]> bytes = Arbitraries.oneOf(
                Arbitraries.bytes().array(byte[].class).ofSize(4),
                Arbitraries.bytes().array(byte[].class).ofSize(16));
        return Combinators.combine(
                        bytes,
                        Arbitraries.integers().between(0, 65535),
                        Arbitraries.integers().between(1, 9))
                .as(RecipientWithTraitsTest::address);
    }

    private static InetSocketAddress address(byte[] bytes, int port, int scope) {
        try {
            InetAddress address = InetAddress.getByAddress(bytes);
            return new InetSocketAddress(
                    address instanceof Inet6Address ? Inet6Address.getByAddress(null, bytes, scope) : address, port);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    @Property
    void equalsThePlainOneBothWays(
            @ForAll("addresses") InetSocketAddress plain, @ForAll("addresses") InetSocketAddress other)
            throws Exception {
        RecipientWithTraits address = new RecipientWithTraits(plain, Traits.EMPTY.withFlag(9));
        assertEquals(plain, address);
        assertEquals(address, plain);
        assertEquals(plain.hashCode(), address.hashCode());
        assertEquals(plain.toString(), address.toString());
        assertEquals(plain.equals(other), address.equals(other));
        assertEquals(plain.equals(other), other.equals(address));
        assertSame(plain.getAddress(), address.getAddress());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new ObjectOutputStream(out).writeObject(address);
        Object read = new ObjectInputStream(new ByteArrayInputStream(out.toByteArray())).readObject();
        assertEquals(plain, read);
        assertSame(InetSocketAddress.class, read.getClass());
    }

    @Property
    void latestOnesAreKeptAndNeverGivenForOthers(
            @ForAll("addresses") InetSocketAddress plain, @ForAll @IntRange(min = 0, max = 2000) int count) {
        RecipientCache addresses = new RecipientCache();
        InetSocketAddress equal = new InetSocketAddress(plain.getAddress(), plain.getPort());
        RecipientWithTraits kept = null;
        for (int i = 0; i < count; i++) {
            Traits traits = Traits.EMPTY.withInt(4, i);
            kept = addresses.decorate(plain, traits);
            assertEquals(traits, kept.traits());
            assertSame(kept, addresses.decorate(plain, Traits.EMPTY.withInt(4, i)));
            assertNotEquals(
                    kept.traits(), addresses.decorate(plain, Traits.EMPTY).traits());
            assertSame(equal.getAddress(), addresses.decorate(equal, traits).getAddress());
        }
    }
}
