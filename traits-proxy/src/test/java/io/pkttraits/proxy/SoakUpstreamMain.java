// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import io.pkttraits.proxy.net.HostPort;
import io.pkttraits.proxy.net.IoTransport;
import java.util.concurrent.CountDownLatch;

/** A {@link TraitsUpstream} as a process of its own: {@code CARRIER TRANSPORT}. */
final class SoakUpstreamMain {
    private SoakUpstreamMain() {}

    public static void main(String[] args) throws Exception {
        System.setProperty("io.pkttraits.carrier", args[0]);
        try (TraitsUpstream upstream = new TraitsUpstream(IoTransport.parse(args[1]))) {
            System.out.println("listening on " + HostPort.of(upstream.address()) + " carrier=" + args[0]);
            new CountDownLatch(1).await();
        }
    }
}
