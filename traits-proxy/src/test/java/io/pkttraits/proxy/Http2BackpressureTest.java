// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.proxy.net.IoTransport;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Timeout;

/**
 * 64 MiB in each direction of a stream past a reader that has stopped. Towards the client the window is the bound; what the upstream
 * could get rid of beyond it lies in the proxy and in the buffers of one connection (see {@link BackpressureTest}).
 */
@Timeout(120)
class Http2BackpressureTest {
    private static final int TOTAL = 64 << 20;
    private static final long BOUND = 16 << 20;
    private static final int WINDOW = 65_535;
    private static final int PIECE = 8 * 1024;

    @EachTransport
    void responseWaitsForTheWindow(IoTransport transport) throws Exception {
        AtomicLong written = new AtomicLong();
        try (ScriptedUpstream upstream = new ScriptedUpstream((wire, connection) -> {
                    if (wire.readHead().startsWith("GET /other")) {
                        wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 0");
                        return;
                    }
                    wire.sendHead("HTTP/1.1 200 OK", "Content-Length: " + TOTAL);
                    OutputStream out = wire.socket().getOutputStream();
                    byte[] piece = new byte[PIECE];
                    for (int at = 0; at < TOTAL; at += PIECE) {
                        out.write(piece);
                        written.addAndGet(PIECE);
                    }
                    wire.readAll();
                });
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                Http2Wire client = proxy.connectHttp2()) {
            client.granting = false;
            // The window that is used up is the stream's; the connection's own leaves room for another one.
            client.grant(0, WINDOW);
            int slow = client.get("/slow");
            while (client.contentBytes() < WINDOW) {
                client.next();
            }
            assertTrue(settled(written) < BOUND, () -> written + " bytes were taken while nobody read");
            int other = client.get("/other");
            while (!client.next().startsWith("HEADERS " + other + " :status=200 ")) {
                // What arrived of the first one.
            }
            assertEquals("DATA " + other + "  END", client.next());
            assertEquals(WINDOW, client.contentBytes());
            client.granting = true;
            client.grant(slow, WINDOW);
            String frame = client.next();
            while (!frame.endsWith(" END")) {
                assertTrue(frame.startsWith("DATA "), frame);
                frame = client.next();
            }
            assertEquals(TOTAL, client.contentBytes());
        }
    }

    /** A client that grants everything at once and then does not read its socket. */
    @EachTransport
    void responseWaitsForTheSocket(IoTransport transport) throws Exception {
        AtomicLong written = new AtomicLong();
        try (ScriptedUpstream upstream = new ScriptedUpstream((wire, connection) -> {
                    wire.readHead();
                    wire.sendHead("HTTP/1.1 200 OK", "Content-Length: " + TOTAL);
                    OutputStream out = wire.socket().getOutputStream();
                    byte[] piece = new byte[PIECE];
                    for (int at = 0; at < TOTAL; at += PIECE) {
                        out.write(piece);
                        written.addAndGet(PIECE);
                    }
                    wire.readAll();
                });
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                Http2Wire client = proxy.connectHttp2()) {
            client.granting = false;
            client.grant(0, TOTAL);
            int stream = client.get("/");
            client.grant(stream, TOTAL);
            assertTrue(settled(written) < BOUND, () -> written + " bytes were taken while nobody read");
            String frame = client.next();
            while (!frame.endsWith(" END")) {
                frame = client.next();
            }
            assertEquals(TOTAL, client.contentBytes());
        }
    }

    @EachTransport
    void windowOfTheRequestWaitsForTheUpstream(IoTransport transport) throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        try (ScriptedUpstream upstream = new ScriptedUpstream((wire, connection) -> {
                    wire.readHead();
                    read.await();
                    byte[] piece = new byte[PIECE];
                    for (long left = TOTAL; left > 0; ) {
                        left -= wire.readSome(piece);
                    }
                    wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 0");
                    wire.readAll();
                });
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                Http2Wire client = proxy.connectHttp2()) {
            int stream = client.request("POST", "/", false, "content-length", String.valueOf(TOTAL));
            AtomicLong sent = new AtomicLong();
            Thread sender = new Thread(() -> send(client, stream, sent));
            sender.start();
            assertTrue(settled(sent) < BOUND, () -> sent + " bytes were taken while nobody read");
            read.countDown();
            sender.join();
            assertEquals(TOTAL, sent.get());
            assertTrue(client.response(stream).contains(" :status=200 "));
        }
    }

    private static void send(Http2Wire client, int stream, AtomicLong sent) {
        String piece = "x".repeat(PIECE);
        try {
            while (sent.get() < TOTAL) {
                while (client.window(stream) < PIECE || client.window(0) < PIECE) {
                    client.readSome();
                }
                client.data(stream, piece, sent.get() + PIECE == TOTAL);
                sent.addAndGet(PIECE);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until the writer has stopped or is through. */
    private static long settled(AtomicLong written) throws InterruptedException {
        long before = -1;
        while (written.get() != before && written.get() < TOTAL) {
            before = written.get();
            Thread.sleep(300);
        }
        return written.get();
    }
}
