// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport;

import io.pkttraits.Traits;

/** Detects the carrier, serves and makes a connection with traits: all that touches socket options. On epoll. */
final class CollidingNumbersMain {
    private CollidingNumbersMain() {}

    public static void main(String[] args) throws Exception {
        // As an int, which mainline would take it for, the first four bytes are a small number that it might accept.
        Traits traits = Traits.EMPTY.with(4, new byte[] {1, 2});
        try (TestServer server = new TestServer(
                new EpollTestTransport(),
                Family.IPV4,
                bootstrap -> bootstrap
                        .option(TraitsChannelOption.TCP_SAVE_SYN_TRAITS, 1)
                        .handler(new SynTraitsHandler()))) {
            server.connect(new ConnectTraitsHandler(traits, UnsendablePolicy.DROP));
            System.out.println("carrier=" + PacketTraits.carrier());
            System.out.println("traits=" + SynTraits.of(server.nextAccepted()));
        }
    }
}
