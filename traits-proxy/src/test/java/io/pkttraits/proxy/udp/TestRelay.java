// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.udp;

import io.pkttraits.proxy.Await;
import io.pkttraits.proxy.net.IoTransport;
import io.pkttraits.transport.UnsendablePolicy;
import io.pkttraits.transport.policy.TraitsPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A relay in this process, on a port of its own. */
final class TestRelay implements AutoCloseable {
    private final RelayServer server;

    private TestRelay(RelayServer server) {
        this.server = server;
    }

    static TestRelay start(IoTransport transport, InetSocketAddress upstream) throws IOException {
        return new Builder(transport, upstream).start();
    }

    InetSocketAddress address() {
        return server.addresses().get(0);
    }

    /** What the totals have at the end of a path such as {@code to-upstream.sent}. */
    long total(String path) {
        return total(server.totals().toString(), path);
    }

    static long total(String line, String path) {
        String[] names = path.split("\\.", -1);
        String where = line;
        if (names.length == 2) {
            Matcher group = Pattern.compile(names[0] + "=\\{([^}]*)\\}").matcher(line);
            if (!group.find()) {
                throw new AssertionError("no " + path + " in " + line);
            }
            where = group.group(1);
        }
        Matcher number = Pattern.compile("(?:^| )" + names[names.length - 1] + "=([0-9]+)")
                .matcher(where);
        if (!number.find()) {
            throw new AssertionError("no " + path + " in " + line);
        }
        return Long.parseLong(number.group(1));
    }

    /** Waits until a total has a value. */
    void awaitTotal(String path, long value) throws Exception {
        Await.until(() -> total(path) == value, () -> path + " is not " + value + ": " + this);
    }

    @Override
    public String toString() {
        return server.totals().toString();
    }

    @Override
    public void close() {
        server.close();
    }

    /** What a test may want to be different. */
    static final class Builder {
        private final IoTransport transport;
        private final InetSocketAddress upstream;
        String listen = "127.0.0.1";
        int port;
        int threads = 1;
        volatile TraitsPolicy policy = TraitsPolicy.ALL;
        UnsendablePolicy unsendable = UnsendablePolicy.FAIL;
        int maxFlows = 100;
        int maxDatagram = 65527;
        Duration idleTimeout = Duration.ofMinutes(1);

        Builder(IoTransport transport, InetSocketAddress upstream) {
            this.transport = transport;
            this.upstream = upstream;
        }

        TestRelay start() throws IOException {
            return new TestRelay(RelayServer.start(new RelayConfig(
                    new InetSocketAddress(InetAddress.getByName(listen), port),
                    upstream,
                    transport,
                    threads,
                    () -> policy,
                    unsendable,
                    new RelayConfig.Limits(maxFlows, maxDatagram, 1 << 18, idleTimeout))));
        }
    }
}
