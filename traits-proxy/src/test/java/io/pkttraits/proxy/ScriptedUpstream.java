// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An upstream that does on each connection what the test says, on a thread of its own. */
final class ScriptedUpstream implements Closeable {
    /**
     * What to do on one connection. It is closed afterwards, so where another request follows the last response must say so, or the
     * proxy may send that request on this connection before it sees the end.
     */
    interface Script {
        void run(HttpWire wire, int connection) throws Exception;
    }

    private final ServerSocket listener;
    private final Script script;
    private final AtomicInteger connections = new AtomicInteger();
    private final List<HttpWire> open = new CopyOnWriteArrayList<>();
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

    ScriptedUpstream(Script script) throws IOException {
        this.script = script;
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread acceptor = new Thread(this::accept, "upstream");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    /** Answers every request with {@code response}, and keeps its connections. */
    static ScriptedUpstream answering(String... response) throws IOException {
        ScriptedUpstream[] self = new ScriptedUpstream[1];
        self[0] = new ScriptedUpstream((wire, connection) -> {
            while (true) {
                self[0].saw(wire.readMessage());
                wire.send(String.join("\r\n", response));
            }
        });
        return self[0];
    }

    InetSocketAddress address() {
        return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
    }

    int connections() {
        return connections.get();
    }

    /** Notes a request for {@link #next}. */
    void saw(String message) {
        seen.add(message);
    }

    /** The next request that was noted. */
    String next() throws InterruptedException {
        String message = seen.poll(20, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("the upstream saw no request");
        }
        return message;
    }

    boolean sawNothing() {
        return seen.isEmpty();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (HttpWire wire : open) {
            wire.close();
        }
    }

    private void accept() {
        while (true) {
            try {
                Socket socket = listener.accept();
                int number = connections.getAndIncrement();
                HttpWire wire = new HttpWire(socket);
                open.add(wire);
                Thread thread = new Thread(() -> serve(wire, number), "upstream-" + number);
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(HttpWire wire, int number) {
        try (wire) {
            script.run(wire, number);
        } catch (Exception e) {
            saw("upstream: " + e);
        }
    }
}
