// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.pkttraits.Traits;
import io.pkttraits.codec.TraitTlvCodec;
import io.pkttraits.transport.datagram.DatagramFamily;
import io.pkttraits.transport.datagram.DatagramTraits;
import io.pkttraits.transport.internal.carrier.Ipv4TraitOption;
import io.pkttraits.transport.internal.carrier.Ipv6TraitOption;
import io.pkttraits.transport.internal.carrier.SockOptSynCarrier;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Predicate;

/** Sets of traits that the carrier of this JVM can, or just cannot, carry. */
public final class TraitSets {
    /** Ascending. A kernel with the RFC's API carries no flags yet, and one as its authors' branch nothing of 16 bytes. */
    static final int[] SIZES = Arrays.stream(
                    System.getProperty("io.pkttraits.test.sizes", "0,2,4,8,16").split(","))
            .mapToInt(Integer::parseInt)
            .toArray();

    private static final int LARGEST_SIZE = SIZES[SIZES.length - 1];

    private TraitSets() {}

    static boolean fits(Traits traits, Family family) {
        return switch (PacketTraits.carrier()) {
            case IP_OPTION ->
                TraitTlvCodec.encodedLength(traits)
                        <= (family.isIpv4OnTheWire() ? Ipv4TraitOption.MAX_TLV_LENGTH : Ipv6TraitOption.MAX_TLV_LENGTH);
            default -> traits.valuesLength() <= SockOptSynCarrier.MAX_VALUES_LENGTH;
        };
    }

    static boolean fits(Traits traits, DatagramFamily family) {
        return switch (DatagramTraits.carrier()) {
            case IP_OPTION ->
                TraitTlvCodec.encodedLength(traits)
                        <= (family == DatagramFamily.IPV6
                                ? Ipv6TraitOption.MAX_TLV_LENGTH
                                : Ipv4TraitOption.MAX_TLV_LENGTH);
            default -> traits.valuesLength() <= SockOptSynCarrier.MAX_VALUES_LENGTH;
        };
    }

    /** Any keys and sizes, from none up to what fits. */
    public static Traits random(Random random, DatagramFamily family) {
        Traits traits = Traits.EMPTY;
        while (random.nextInt(10) != 0) {
            Traits next = traits.with(random.nextInt(64), randomValue(random));
            if (!fits(next, family)) {
                return traits;
            }
            traits = next;
        }
        return traits;
    }

    /** Any keys and sizes, from one trait up to what fits. */
    static Traits random(Random random, Family family) {
        Traits traits = Traits.EMPTY.with(random.nextInt(64), randomValue(random));
        int more = random.nextInt(64);
        for (int i = 0; i < more; i++) {
            Traits next = traits.with(random.nextInt(64), randomValue(random));
            if (!fits(next, family)) {
                return traits;
            }
            traits = next;
        }
        return traits;
    }

    /** Fills the room to the last byte. */
    static Traits largest(Family family) {
        return largest(traits -> fits(traits, family));
    }

    /** Fills that many bytes of TLVs, less one at the most. */
    public static Traits largestTlv(int length) {
        return largest(traits -> TraitTlvCodec.encodedLength(traits) <= length);
    }

    private static Traits largest(Predicate<Traits> fits) {
        Traits traits = Traits.EMPTY;
        for (int i = SIZES.length - 1; i >= 0; i--) {
            for (int key = 0; key < 64; key++) {
                if (!traits.contains(key)) {
                    byte[] value = new byte[SIZES[i]];
                    new Random(key).nextBytes(value);
                    Traits next = traits.with(key, value);
                    traits = fits.test(next) ? next : traits;
                }
            }
        }
        return traits;
    }

    /** One byte or more beyond the room. */
    public static Traits tooLarge(Family family) {
        Traits traits = largest(family);
        for (int key = 0; fits(traits, family); key++) {
            traits = traits.with(key, new byte[LARGEST_SIZE]);
        }
        return traits;
    }

    private static byte[] randomValue(Random random) {
        byte[] value = new byte[SIZES[random.nextInt(SIZES.length)]];
        random.nextBytes(value);
        return value;
    }
}
