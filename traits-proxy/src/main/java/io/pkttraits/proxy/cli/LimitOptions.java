// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.cli;

import io.pkttraits.proxy.config.ProxyConfig;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The command line's part for {@link ProxyConfig.Limits}. */
public final class LimitOptions {
    @Option(
            names = "--max-initial-line",
            paramLabel = "BYTES",
            defaultValue = "8192",
            converter = PositiveConverter.class,
            description = "Longest request line; a longer one is answered with 414. Default: ${DEFAULT-VALUE}")
    private int maxInitialLine;

    @Option(
            names = "--max-header-size",
            paramLabel = "BYTES",
            defaultValue = "16384",
            converter = PositiveConverter.class,
            description = "Largest header section; a larger one is answered with 431. Default: ${DEFAULT-VALUE}")
    private int maxHeaderSize;

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            defaultValue = "256",
            converter = PositiveConverter.class,
            description = "Upstream connections of one thread for one set of traits; a request that gets none within"
                    + " --connect-timeout is answered with 503. Default: ${DEFAULT-VALUE}")
    private int maxConnections;

    @Option(
            names = "--max-total-connections",
            paramLabel = "N",
            defaultValue = "1024",
            converter = PositiveConverter.class,
            description =
                    "Upstream connections of one thread; the longest unused one makes room for another set of traits."
                            + " Default: ${DEFAULT-VALUE}")
    private int maxTotalConnections;

    @Option(
            names = "--max-pending",
            paramLabel = "N",
            defaultValue = "4096",
            converter = PositiveConverter.class,
            description =
                    "Requests of one thread that may wait for an upstream connection, first come first served; more"
                            + " are answered with 503. Default: ${DEFAULT-VALUE}")
    private int maxPending;

    @Option(
            names = "--max-pending-per-client",
            paramLabel = "N",
            converter = PositiveConverter.class,
            description =
                    "Those of them that may be of one client, an IPv4 address or a /64 of IPv6, those included that a"
                            + " connection is being opened for; more are answered with 503. Default: half of --max-pending,"
                            + " at least 1")
    private Integer maxPendingPerClient;

    @Option(
            names = "--receive-buffer",
            paramLabel = "BYTES",
            defaultValue = "262144",
            converter = PositiveConverter.class,
            description = "SO_RCVBUF of every connection. Default: ${DEFAULT-VALUE}")
    private int receiveBuffer;

    @Option(
            names = "--idle-timeout",
            paramLabel = "TIME",
            defaultValue = "60s",
            converter = DurationConverter.class,
            description =
                    "How long a client may keep the proxy waiting, and how long an unused upstream connection is kept."
                            + " Default: ${DEFAULT-VALUE}")
    private Duration idleTimeout;

    @Option(
            names = "--connect-timeout",
            paramLabel = "TIME",
            defaultValue = "5s",
            converter = DurationConverter.class,
            description = "How long the upstream may take to accept a connection; then 504. Default: ${DEFAULT-VALUE}")
    private Duration connectTimeout;

    @Option(
            names = "--response-timeout",
            paramLabel = "TIME",
            defaultValue = "60s",
            converter = DurationConverter.class,
            description =
                    "How long the upstream may keep the proxy waiting; then 504, or a closed connection if the response"
                            + " has begun. Default: ${DEFAULT-VALUE}")
    private Duration responseTimeout;

    public ProxyConfig.Limits toLimits() {
        return new ProxyConfig.Limits(
                maxInitialLine,
                maxHeaderSize,
                maxConnections,
                maxTotalConnections,
                maxPending,
                maxPendingPerClient == null ? Math.max(1, maxPending / 2) : maxPendingPerClient,
                receiveBuffer,
                idleTimeout,
                connectTimeout,
                responseTimeout);
    }
}
