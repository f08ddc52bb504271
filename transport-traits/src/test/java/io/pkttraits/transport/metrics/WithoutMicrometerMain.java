// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.metrics;

import io.pkttraits.Traits;
import io.pkttraits.transport.ConnectTraitsHandler;
import io.pkttraits.transport.Family;
import io.pkttraits.transport.PacketTraits;
import io.pkttraits.transport.SynTraitsHandler;
import io.pkttraits.transport.TestServer;
import io.pkttraits.transport.TestTransport;
import io.pkttraits.transport.TraitsCounter;
import io.pkttraits.transport.pool.PoolFixture;

/** Connections with traits, their counters and pools in a process that has no Micrometer. */
final class WithoutMicrometerMain {
    private WithoutMicrometerMain() {}

    public static void main(String[] args) throws Exception {
        try {
            Class.forName("io.micrometer.core.instrument.MeterRegistry");
        } catch (ClassNotFoundException e) {
            System.out.println("micrometer=absent");
        }
        Traits traits = Traits.EMPTY.withInt(4, 5);
        try (TestServer server = new TestServer(
                TestTransport.all().get(0), Family.IPV4, bootstrap -> bootstrap.handler(new SynTraitsHandler()))) {
            server.connect(new ConnectTraitsHandler(traits));
            System.out.println("tcp=" + PacketTraits.of(server.nextAccepted()).equals(traits));
        }
        System.out.println("counted=" + TraitsCounter.SYN_READ.get());
        try (PoolFixture pool = new PoolFixture(PoolFixture.limits(1, 1))) {
            System.out.println("pools=" + pool.map.stats().pools());
        }
    }
}
