// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pkttraits.Traits;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class RouteByTraitTest {
    @Test
    void theCustomerChoosesTheUpstream() throws Exception {
        try (TestUpstream others = new TestUpstream("others");
                TestUpstream large = new TestUpstream("large");
                TestUpstream small = new TestUpstream("small");
                ExampleProgram router = ExampleProgram.java(
                        RouteByTrait.class,
                        "127.0.0.1:0",
                        others.address(),
                        "42=" + large.address(),
                        "43=" + small.address())) {
            int port = router.awaitReady().getPort();
            try (Socket withoutTraits = new Socket(InetAddress.getLoopbackAddress(), port);
                    ExampleProgram client =
                            ExampleProgram.java(EchoClient.class, "127.0.0.1:" + port, "42", "43", "44")) {
                assertEquals(Traits.EMPTY, others.nextAccepted());
                client.awaitLineEnd("customer_id=42 received: large");
                client.awaitLineEnd("customer_id=43 received: small");
                client.awaitLineEnd("customer_id=44 received: others");
                client.awaitSuccess();
                withoutTraits.getOutputStream().write('\n');
                assertEquals(
                        "others",
                        new BufferedReader(
                                        new InputStreamReader(withoutTraits.getInputStream(), StandardCharsets.UTF_8))
                                .readLine());
            }
            router.awaitLineEnd("customer_id=42 -> " + large.address());
            router.awaitLineEnd("customer_id=43 -> " + small.address());
            router.awaitLineEnd("customer_id=44 -> " + others.address());
            router.awaitLineEnd("customer_id=-1 -> " + others.address());
            assertEquals(traits(42, 1), large.nextAccepted());
            assertEquals(traits(43, 2), small.nextAccepted());
            assertEquals(traits(44, 3), others.nextAccepted());
        }
    }

    private static Traits traits(int customer, int priority) {
        return Traits.EMPTY.withInt(4, customer).withShort(5, (short) priority);
    }
}
