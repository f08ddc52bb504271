// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pkttraits.transport.PacketTraits;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class EchoServerTest {
    private ExampleProgram server;

    @BeforeEach
    void start() throws Exception {
        server = ExampleProgram.java(EchoServer.class, "127.0.0.1:0");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void eachConnectionHasTheTraitsOfItsClient() throws Exception {
        InetSocketAddress address = server.awaitReady();
        try (Socket withoutTraits = new Socket(InetAddress.getLoopbackAddress(), address.getPort());
                ExampleProgram client =
                        ExampleProgram.java(EchoClient.class, "127.0.0.1:" + address.getPort(), "42", "43")) {
            client.awaitLineEnd("customer_id=42 received: hello from customer 42");
            client.awaitLineEnd("customer_id=43 received: hello from customer 43");
            client.awaitSuccess();
            server.awaitLineEnd("customer_id=42 priority=1");
            server.awaitLineEnd("customer_id=43 priority=2");
            server.awaitLineEnd("127.0.0.1:" + withoutTraits.getLocalPort() + " customer_id=-1 priority=-1");
            withoutTraits.getOutputStream().write("still open\n".getBytes(StandardCharsets.UTF_8));
            assertEquals(
                    "still open",
                    new BufferedReader(new InputStreamReader(withoutTraits.getInputStream(), StandardCharsets.UTF_8))
                            .readLine());
        }
    }

    @Test
    void clientsInOtherLanguagesSendTraitsToo() throws Exception {
        int port = server.awaitReady().getPort();
        try (ExampleProgram client = ExampleProgram.python(
                "traits_client.py", PacketTraits.carrier().id(), "127.0.0.1", String.valueOf(port), "7", "8")) {
            client.awaitLineEnd("customer_id=7 received: hello from customer 7");
            client.awaitLineEnd("customer_id=8 received: hello from customer 8");
            client.awaitSuccess();
            server.awaitLineEnd("customer_id=7 priority=1");
            server.awaitLineEnd("customer_id=8 priority=2");
        }
    }
}
