// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import io.pkttraits.proxy.net.HostPort;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** HAProxy as a process of its own, on a free port of 127.0.0.1. */
final class HaproxyProgram implements Closeable {
    /** Another program may take the free port before HAProxy does. */
    private static final int ATTEMPTS = 5;

    private static final int PATIENCE_SECONDS = 20;

    private final Process process;
    private final Path config;
    private final Path log;
    private final InetSocketAddress address;

    private HaproxyProgram(Process process, Path config, Path log, InetSocketAddress address) {
        this.process = process;
        this.config = config;
        this.log = log;
        this.address = address;
    }

    /**
     * Starts one that accepts connections when this returns.
     *
     * @param bind what stands behind the address in the line {@code bind}, or nothing
     * @param lines the rest of its one section {@code listen}
     */
    static HaproxyProgram start(String bind, String... lines) throws Exception {
        for (int attempt = 1; ; attempt++) {
            HaproxyProgram program = launch(bind, lines);
            if (program.isAccepting()) {
                return program;
            }
            String output = Files.readString(program.log);
            program.close();
            if (attempt == ATTEMPTS) {
                throw new AssertionError("haproxy does not start: " + output);
            }
        }
    }

    InetSocketAddress address() {
        return address;
    }

    HttpWire connect() throws IOException {
        return new HttpWire(new Socket(address.getAddress(), address.getPort()));
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.delete(config);
        Files.delete(log);
    }

    private static HaproxyProgram launch(String bind, String... lines) throws IOException {
        InetSocketAddress address;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = (InetSocketAddress) free.getLocalSocketAddress();
        }
        Path config = Files.createTempFile("haproxy", ".cfg");
        String timeouts = "timeout connect 20s\n timeout client 20s\n timeout server 20s\n timeout check 20s\n ";
        Files.writeString(
                config,
                "listen test\n bind " + HostPort.of(address) + " " + bind + "\n " + timeouts + String.join("\n ", lines)
                        + "\n");
        Path log = Files.createTempFile("haproxy", ".log");
        Process process = new ProcessBuilder("haproxy", "-db", "-f", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new HaproxyProgram(process, config, log, address);
    }

    private boolean isAccepting() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (process.isAlive() && System.nanoTime() < deadline) {
            try (Socket probe = new Socket(address.getAddress(), address.getPort())) {
                return probe.isConnected();
            } catch (IOException e) {
                Thread.sleep(20);
            }
        }
        return false;
    }
}
