// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.example;

import org.junit.jupiter.api.Test;

final class QuicEchoTest {
    @Test
    void connectionsOfOneSocketHaveTheirOwnTraits() throws Exception {
        try (ExampleProgram server = ExampleProgram.java(QuicEcho.class, "127.0.0.1:0");
                ExampleProgram client = ExampleProgram.java(QuicClient.class, server.awaitAddress(), "42", "43")) {
            client.awaitLineEnd("customer_id=42 received: hello from customer 42");
            client.awaitLineEnd("customer_id=43 received: hello from customer 43");
            client.awaitSuccess();
            server.awaitLineEnd("customer_id=42 priority=1");
            server.awaitLineEnd("customer_id=43 priority=2");
        }
    }
}
