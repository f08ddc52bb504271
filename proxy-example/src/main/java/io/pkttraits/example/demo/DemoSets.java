// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.example.demo;

import io.pkttraits.Traits;
import io.pkttraits.TraitsBuilder;
import io.pkttraits.transport.CarrierType;
import java.util.List;
import java.util.UUID;

/**
 * The sets of traits that the demo sends: a few of every value size, the largest that the carrier takes, and none. No flags: a kernel with
 * the RFC's API keeps them for the future.
 */
final class DemoSets {
    private static final long ASYMMETRIC = 0x0123456789abcdefL;

    private DemoSets() {}

    static List<Traits> of(CarrierType carrier) {
        Traits customer = Traits.builder().putInt(4, 12345).build();
        Traits everySize = everySize();
        Traits uuid =
                Traits.builder().putUuid(17, new UUID(ASYMMETRIC, ~ASYMMETRIC)).build();
        return List.of(customer, everySize, uuid, largest(carrier), Traits.EMPTY);
    }

    /** Two sets by turns; each fits the IP option, by which datagrams have their traits. */
    static List<Traits> forQuic() {
        Traits customer = Traits.builder().putInt(4, 12345).build();
        Traits other = everySize();
        return List.of(customer, other, customer, other, customer, other);
    }

    private static Traits everySize() {
        return Traits.builder()
                .putShort(1, (short) 3)
                .putInt(4, 67890)
                .putShort(9, (short) 260)
                .putLong(63, 8198552921L)
                .build();
    }

    /** Over IPv4 the option has room for 36 bytes of TLVs, headers of 2 bytes included; otherwise 200 bytes of values in 64 keys. */
    private static Traits largest(CarrierType carrier) {
        TraitsBuilder traits = Traits.builder();
        if (carrier == CarrierType.IP_OPTION) {
            return traits.putUuid(0, new UUID(ASYMMETRIC, 1))
                    .putUuid(62, new UUID(2, ASYMMETRIC))
                    .build();
        }
        for (int key = 0; key < Traits.MAX_KEYS; key++) {
            if (key < 36) {
                traits.putInt(key, 0x01234500 + key);
            } else {
                traits.putShort(key, (short) (0x6700 + key));
            }
        }
        return traits.build();
    }
}
