// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

/** Uses the library twice, as far as it reads system properties, and prints what it logged and counted. */
final class PropertiesMain {
    private PropertiesMain() {}

    public static void main(String[] args) {
        CapturedLog.begin();
        PacketTraits.isAvailable();
        PacketTraits.carrier();
        System.out.println("invalid=" + TraitsCounter.PROPERTY_INVALID.get());
    }
}
