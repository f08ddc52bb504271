// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.example;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.Traits;
import io.pkttraits.transport.PacketTraits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class MiniProxyTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @Test
    void eachConnectionsTraitsReachTheUpstream() throws Exception {
        try (ExampleProgram upstream = ExampleProgram.java(EchoServer.class, "127.0.0.1:0");
                ExampleProgram proxy = ExampleProgram.java(MiniProxy.class, "127.0.0.1:0", upstream.awaitAddress());
                ExampleProgram client = ExampleProgram.java(EchoClient.class, proxy.awaitAddress(), "42", "43")) {
            client.awaitLineEnd("customer_id=42 received: hello from customer 42");
            client.awaitLineEnd("customer_id=43 received: hello from customer 43");
            client.awaitSuccess();
            proxy.awaitLineEnd("customer_id=42, forwarding 2 traits");
            proxy.awaitLineEnd("customer_id=43, forwarding 2 traits");
            upstream.awaitLineEnd("customer_id=42 priority=1");
            upstream.awaitLineEnd("customer_id=43 priority=2");
        }
    }

    @Test
    void traitsThatTheProxyDoesNotKnowAreForwarded() throws Exception {
        Traits unknown = Traits.EMPTY.with(20, "8 bytes!".getBytes(StandardCharsets.US_ASCII));
        try (TestUpstream upstream = new TestUpstream("upstream");
                ExampleProgram proxy = ExampleProgram.java(MiniProxy.class, "127.0.0.1:0", upstream.address());
                ExampleProgram client = ExampleProgram.python(
                        "traits_client.py",
                        PacketTraits.carrier().id(),
                        "127.0.0.1",
                        String.valueOf(proxy.awaitReady().getPort()),
                        "7",
                        "8")) {
            client.awaitLineEnd("customer_id=7 received: upstream");
            client.awaitLineEnd("customer_id=8 received: upstream");
            client.awaitSuccess();
            Traits first = upstream.nextAccepted();
            Traits second = upstream.nextAccepted();
            assertEquals(
                    Set.of(
                            unknown.withInt(4, 7).withShort(5, (short) 1),
                            unknown.withInt(4, 8).withShort(5, (short) 2)),
                    Set.copyOf(List.of(first, second)));
        }
    }

    @Test
    void clientThatHasSentItsLastByteStillReceives() throws Exception {
        byte[] request = new byte[1 << 20];
        new Random(1).nextBytes(request);
        try (ServerSocket upstream = new ServerSocket(0, 1, LOOPBACK);
                ExampleProgram proxy = proxy(upstream);
                Socket client = new Socket(LOOPBACK, proxy.awaitReady().getPort())) {
            CompletableFuture<Void> answered = CompletableFuture.runAsync(() -> {
                try (Socket accepted = upstream.accept()) {
                    accepted.getOutputStream().write(accepted.getInputStream().readAllBytes());
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            client.getOutputStream().write(request);
            client.shutdownOutput();
            assertArrayEquals(request, client.getInputStream().readAllBytes());
            answered.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void clientWaitsForAnUpstreamThatDoesNotRead() throws Exception {
        // More than the buffers of the kernel (net.ipv4.tcp_wmem and tcp_rmem, twice) and the memory of the proxy take.
        int total = 128 << 20;
        try (ServerSocket upstream = new ServerSocket(0, 1, LOOPBACK);
                ExampleProgram proxy = ExampleProgram.java(
                        List.of("-Xmx64m", "-XX:MaxDirectMemorySize=32m"),
                        MiniProxy.class,
                        "127.0.0.1:0",
                        address(upstream));
                SocketChannel client = SocketChannel.open(
                        new InetSocketAddress(LOOPBACK, proxy.awaitReady().getPort()));
                Socket accepted = upstream.accept()) {
            int sent = sendUntilHeldUp(client, total);
            assertTrue(sent < total, "the proxy has taken " + sent + " bytes that the upstream has not read");
            CompletableFuture<Long> received = CompletableFuture.supplyAsync(() -> countBytes(accepted));
            client.configureBlocking(true);
            for (int rest = total - sent; rest > 0; ) {
                rest -= client.write(ByteBuffer.allocate(Math.min(rest, 1 << 16)));
            }
            client.shutdownOutput();
            assertEquals(total, received.get(30, TimeUnit.SECONDS));
        }
    }

    @Test
    void resetOfTheClientEndsTheUpstreamsConnection() throws Exception {
        try (ServerSocket upstream = new ServerSocket(0, 1, LOOPBACK);
                ExampleProgram proxy = proxy(upstream);
                Socket client = new Socket(LOOPBACK, proxy.awaitReady().getPort());
                Socket accepted = upstream.accept()) {
            reset(client);
            assertEquals(-1, accepted.getInputStream().read());
        }
    }

    @Test
    void clientOfAnUpstreamThatIsDownIsClosed() throws Exception {
        ServerSocket upstream = new ServerSocket(0, 1, LOOPBACK);
        try (ExampleProgram proxy = proxy(upstream)) {
            int port = proxy.awaitReady().getPort();
            upstream.close();
            try (Socket client = new Socket(LOOPBACK, port)) {
                assertEquals(-1, client.getInputStream().read());
            }
            proxy.awaitLine(Pattern.compile(".*Connection refused.*"));
        }
    }

    private static ExampleProgram proxy(ServerSocket upstream) throws IOException {
        return ExampleProgram.java(MiniProxy.class, "127.0.0.1:0", address(upstream));
    }

    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private static String address(ServerSocket upstream) {
        return "127.0.0.1:" + upstream.getLocalPort();
    }

    /** Sends until the socket has taken nothing for a second, or until all is sent. */
    private static int sendUntilHeldUp(SocketChannel client, int total) throws IOException {
        client.configureBlocking(false);
        ByteBuffer zeros = ByteBuffer.allocate(1 << 16);
        int sent = 0;
        try (Selector selector = Selector.open()) {
            client.register(selector, SelectionKey.OP_WRITE);
            while (sent < total && selector.select(1000) > 0) {
                selector.selectedKeys().clear();
                sent += client.write(zeros.clear().limit(Math.min(zeros.capacity(), total - sent)));
            }
        }
        return sent;
    }

    private static long countBytes(Socket socket) {
        try {
            byte[] buffer = new byte[1 << 16];
            long count = 0;
            for (int n = socket.getInputStream().read(buffer);
                    n >= 0;
                    n = socket.getInputStream().read(buffer)) {
                count += n;
            }
            return count;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
