// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class UdpEchoTest {
    @Test
    void eachDatagramComesBackWithItsTraits() throws Exception {
        try (ExampleProgram server = ExampleProgram.java(UdpEcho.class, "127.0.0.1:0");
                ExampleProgram client = ExampleProgram.java(UdpClient.class, server.awaitAddress(), "42", "43")) {
            client.awaitLineEnd("customer_id=42 priority=1 received: hello from customer 42");
            client.awaitLineEnd("customer_id=43 priority=2 received: hello from customer 43");
            client.awaitSuccess();
            server.awaitLineEnd("customer_id=42 priority=1");
            server.awaitLineEnd("customer_id=43 priority=2");
            sendWithoutTraits(server);
        }
    }

    private static void sendWithoutTraits(ExampleProgram server) throws Exception {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            socket.setSoTimeout(20_000);
            byte[] hello = "hello".getBytes(StandardCharsets.UTF_8);
            InetSocketAddress address = new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), server.awaitReady().getPort());
            socket.send(new DatagramPacket(hello, hello.length, address));
            DatagramPacket echo = new DatagramPacket(new byte[100], 100);
            socket.receive(echo);
            assertEquals("hello", new String(echo.getData(), 0, echo.getLength(), StandardCharsets.UTF_8));
            server.awaitLineEnd("127.0.0.1:" + socket.getLocalPort() + " customer_id=-1 priority=-1");
        }
    }
}
