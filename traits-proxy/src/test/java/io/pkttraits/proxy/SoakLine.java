// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.proxy.net.HostPort;
import io.pkttraits.transport.CarrierType;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Clients, proxy and upstream of one carrier in a soak, and what the proxy's meters say of it. */
final class SoakLine implements Closeable {
    private static final String TRANSPORT = "epoll";
    private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(60);
    /** What the allocator may hold more than after the warm-up; a leak of one buffer for each request is far more. */
    private static final double DIRECT_SLACK = 24 << 20;

    private final CarrierType carrier;
    private final JavaProgram upstream;
    private final JavaProgram proxy;
    private final HostPort address;
    private final URI metrics;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private JavaProgram clients;
    private long requests;
    private double baseFiles;
    private double baseDirect;

    /** @param config a file that names a registry, which is to be changed meanwhile */
    SoakLine(CarrierType carrier, Path config) throws IOException {
        this.carrier = carrier;
        upstream = new JavaProgram(SoakUpstreamMain.class, carrier.id(), TRANSPORT);
        proxy = JavaProgram.proxy(
                upstream.awaitReady().toString(),
                "--carrier",
                carrier.id(),
                "--transport",
                TRANSPORT,
                "--admin",
                "0",
                "--config",
                config.toString(),
                "--max-total-connections",
                "64",
                "--idle-timeout",
                "15s",
                "--connect-timeout",
                "30s",
                "--access-log-format",
                "json");
        String ready = proxy.readLine();
        Matcher at = Pattern.compile("listening on (\\S+) .* admin=(\\S+)").matcher(String.valueOf(ready));
        assertTrue(at.matches(), () -> "not ready: " + ready);
        address = HostPort.parse(at.group(1));
        metrics = URI.create("http://" + at.group(2) + "/metrics");
        Thread log = new Thread(this::readAccessLog, "access log");
        log.setDaemon(true);
        log.start();
    }

    CarrierType carrier() {
        return carrier;
    }

    void begin(int connections, int seconds) throws IOException {
        clients = new JavaProgram(
                SoakClientsMain.class,
                carrier.id(),
                TRANSPORT,
                address.toString(),
                Integer.toString(connections),
                Integer.toString(seconds));
    }

    /** Waits for the clients' end, and fails if they lost anything. Answers how much they asked for. */
    long end() throws Exception {
        List<String> lost = new ArrayList<>();
        String line = clients.readLine();
        while (line != null && !line.startsWith("requests=")) {
            lost.add(line);
            scrape();
            line = clients.readLine();
        }
        assertEquals(List.of(), lost, () -> carrier + ": " + stderrOf(clients) + proxyLog());
        assertTrue(line != null, () -> carrier + ": the clients broke off: " + stderrOf(clients));
        assertEquals(0, clients.awaitExit());
        clients.close();
        clients = null;
        long asked = Long.parseLong(line.substring("requests=".length()));
        requests += asked;
        return asked;
    }

    /** Waits until no connection is left on either side of the proxy. */
    void settle() throws Exception {
        long deadline = System.nanoTime() + SETTLE_NANOS;
        while (sum("traits_proxy_connections") + sum("pkttraits_pool_connections") + sum("pkttraits_pool_pools") > 0) {
            assertTrue(System.nanoTime() < deadline, () -> carrier + ": connections are left: " + state());
            Thread.sleep(200);
        }
    }

    void rememberBase() throws Exception {
        baseFiles = sum("process_files_open_files");
        baseDirect = direct();
    }

    void assertAtBase() throws Exception {
        long deadline = System.nanoTime() + SETTLE_NANOS;
        while (sum("process_files_open_files") > baseFiles) {
            assertTrue(System.nanoTime() < deadline, () -> carrier + ": files are left open: " + state());
            Thread.sleep(200);
        }
        assertTrue(sum("traits_proxy_registry_reloads_total") > 0, "the registry was never reloaded");
        assertTrue(sum("traits_proxy_registry_failures_total") > 0, "no registry was refused");
        assertTrue(direct() <= baseDirect + DIRECT_SLACK, () -> carrier + ": direct memory grew: " + state());
    }

    /** All that clients asked for so far. */
    long requests() {
        return requests;
    }

    /** All that the proxy answered well so far. */
    long answered() throws Exception {
        double answered = 0;
        for (String sample : scrape().split("\n", -1)) {
            if (sample.startsWith("traits_proxy_requests_total{status=\"2xx\"")) {
                answered += Double.parseDouble(sample.substring(sample.lastIndexOf(' ')));
            }
        }
        return (long) answered;
    }

    /** What is held now, and was after the warm-up. */
    String state() {
        try {
            return "files " + sum("process_files_open_files") + " (" + baseFiles + "), direct bytes " + direct() + " ("
                    + baseDirect + "), evictions " + sum("pkttraits_pool_evictions_total")
                    + ", reloads " + sum("traits_proxy_registry_reloads_total");
        } catch (Exception e) {
            return e.toString();
        }
    }

    String proxyLog() {
        return stderrOf(proxy);
    }

    @Override
    public void close() throws IOException {
        if (clients != null) {
            clients.close();
        }
        proxy.close();
        upstream.close();
    }

    private double direct() throws Exception {
        double direct = 0;
        for (String sample : scrape().split("\n", -1)) {
            if (sample.startsWith("netty_allocator_memory_used") && sample.contains("\"direct\"")) {
                direct += Double.parseDouble(sample.substring(sample.lastIndexOf(' ')));
            }
        }
        return direct;
    }

    private double sum(String metric) throws Exception {
        double sum = 0;
        boolean found = false;
        for (String sample : scrape().split("\n", -1)) {
            if (sample.startsWith(metric + "{") || sample.startsWith(metric + " ")) {
                found = true;
                sum += Double.parseDouble(sample.substring(sample.lastIndexOf(' ')));
            }
        }
        assertTrue(found, metric);
        return sum;
    }

    private String scrape() throws Exception {
        return http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
                .body();
    }

    /** A pipe that nobody reads would stop the proxy. */
    private void readAccessLog() {
        try {
            String line = proxy.readLine();
            while (line != null) {
                line = proxy.readLine();
            }
        } catch (IOException e) {
            // The process has ended.
        }
    }

    private static String stderrOf(JavaProgram program) {
        try {
            return program.stderr();
        } catch (IOException e) {
            return e.toString();
        }
    }
}
