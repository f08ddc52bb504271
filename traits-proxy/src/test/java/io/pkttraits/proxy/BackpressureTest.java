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
 * 64 MiB in each direction past a reader that has stopped: what the writer could get rid of lies in socket buffers and in the
 * proxy. The kernel's share is bounded by its own limits (4 MiB of tcp_wmem on one connection, half a MiB elsewhere), so
 * a total of 16 MiB shows that the proxy does not swallow the rest.
 */
@Timeout(120)
class BackpressureTest {
    private static final int TOTAL = 64 << 20;
    private static final long BOUND = 16 << 20;
    private static final int PIECE = 64 * 1024;

    @EachTransport
    void responseWaitsForASlowClient(IoTransport transport) throws Exception {
        AtomicLong written = new AtomicLong();
        try (ScriptedUpstream upstream = new ScriptedUpstream((wire, connection) -> {
                    wire.readHead();
                    wire.sendHead("HTTP/1.1 200 OK", "Content-Length: " + TOTAL);
                    writeAll(wire, written);
                    wire.readAll();
                });
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                HttpWire client = proxy.connect()) {
            client.sendHead("GET / HTTP/1.1", "Host: a").readHead();
            assertTrue(settled(written) < BOUND, () -> written + " bytes were taken while nobody read");
            readAndVerify(client, written);
        }
    }

    @EachTransport
    void responseOfAnUpstreamThatClosesWaitsToo(IoTransport transport) throws Exception {
        AtomicLong written = new AtomicLong();
        try (ScriptedUpstream upstream = new ScriptedUpstream((wire, connection) -> {
                    wire.readHead();
                    wire.sendHead("HTTP/1.0 200 OK");
                    writeAll(wire, written);
                });
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                HttpWire client = proxy.connect()) {
            client.sendHead("GET / HTTP/1.0").readHead();
            assertTrue(settled(written) < BOUND, () -> written + " bytes were taken while nobody read");
            readAndVerify(client, written);
            assertTrue(client.isAtEnd());
        }
    }

    @EachTransport
    void requestWaitsForASlowUpstream(IoTransport transport) throws Exception {
        AtomicLong written = new AtomicLong();
        CountDownLatch read = new CountDownLatch(1);
        try (ScriptedUpstream upstream = new ScriptedUpstream((wire, connection) -> {
                    wire.readHead();
                    read.await();
                    readAndVerify(wire, written);
                    wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 0");
                    wire.readAll();
                });
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                HttpWire client = proxy.connect()) {
            Thread writer = new Thread(() -> {
                try {
                    client.sendHead("POST / HTTP/1.1", "Host: a", "Content-Length: " + TOTAL);
                    writeAll(client, written);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            writer.start();
            assertTrue(settled(written) < BOUND, () -> written + " bytes were taken while nobody read");
            read.countDown();
            assertTrue(client.readMessage().startsWith("HTTP/1.1 200"));
            writer.join();
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

    private static void writeAll(HttpWire wire, AtomicLong written) throws IOException {
        OutputStream out = wire.socket().getOutputStream();
        byte[] piece = new byte[PIECE];
        for (int at = 0; at < TOTAL; at += PIECE) {
            for (int i = 0; i < PIECE; i++) {
                piece[i] = byteAt(at + i);
            }
            out.write(piece);
            written.addAndGet(PIECE);
        }
    }

    private static void readAndVerify(HttpWire wire, AtomicLong written) throws IOException {
        byte[] piece = new byte[PIECE];
        int at = 0;
        while (at < TOTAL) {
            int length = wire.readSome(piece);
            assertTrue(length > 0, "ended after " + at);
            for (int i = 0; i < length; i++) {
                assertEquals(byteAt(at + i), piece[i]);
            }
            at += length;
            long ahead = written.get() - at;
            assertTrue(ahead < BOUND, () -> ahead + " bytes ahead of the reader");
        }
    }

    private static byte byteAt(int index) {
        return (byte) (index ^ index >>> 8 ^ index >>> 16);
    }
}
