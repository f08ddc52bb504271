// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

/** Prints what {@link PacketTraits} says in this process. */
final class AvailabilityMain {
    private AvailabilityMain() {}

    public static void main(String[] args) {
        System.out.println("carrier=" + PacketTraits.carrier());
        System.out.println("available=" + PacketTraits.isAvailable());
        System.out.println("receive=" + PacketTraits.isReceiveAvailable());
        Throwable cause = PacketTraits.unavailabilityCause();
        System.out.println("cause=" + (cause == null ? null : cause.getMessage()));
        try {
            PacketTraits.ensureAvailability();
            System.out.println("ensured");
        } catch (UnsupportedOperationException e) {
            System.out.println("refused=" + e.getMessage());
        }
    }
}
