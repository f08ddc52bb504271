// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.ssl.SslContext;
import io.pkttraits.proxy.config.ProxyConfig;
import io.pkttraits.proxy.config.TraitRules;
import io.pkttraits.proxy.config.UpstreamProtocol;
import io.pkttraits.proxy.hop.HopConfig;
import io.pkttraits.proxy.log.AccessLogFormat;
import io.pkttraits.proxy.net.IoTransport;
import io.pkttraits.registry.TraitRegistry;
import io.pkttraits.transport.UnsendablePolicy;
import io.pkttraits.transport.policy.TraitsPolicy;
import io.pkttraits.transport.pool.TraitsPoolStats;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.function.Supplier;

/** A proxy in this process, with one event loop, on a port of its own. */
final class TestProxy implements AutoCloseable {
    private final ProxyServer server;
    private boolean ended;

    private TestProxy(ProxyServer server) {
        this.server = server;
    }

    static TestProxy start(IoTransport transport, InetSocketAddress upstream) throws IOException {
        return new Builder(transport, upstream).start();
    }

    static TestProxy start(IoTransport transport, InetSocketAddress upstream, HopConfig hops) throws IOException {
        return new Builder(transport, upstream, hops).start();
    }

    ProxyServer server() {
        return server;
    }

    InetSocketAddress address() {
        return server.address();
    }

    /** Where HTTP/3 is served, if {@link Builder#tlsH3} is set. */
    InetSocketAddress addressH3() {
        return server.addressH3();
    }

    HttpWire connect() throws IOException {
        return new HttpWire(
                new Socket(server.address().getAddress(), server.address().getPort()));
    }

    /** As a client of another address of this host. */
    HttpWire connectFrom(String address) throws IOException {
        return new HttpWire(new Socket(
                server.address().getAddress(), server.address().getPort(), InetAddress.getByName(address), 0));
    }

    Http2Wire connectHttp2() throws IOException {
        return new Http2Wire(connect().socket());
    }

    boolean shutDown(Duration grace) {
        ended = true;
        return server.shutDown(grace);
    }

    /** Connections that are asked for and not there yet, by everybody. */
    int waiting() {
        return stats().waiting();
    }

    /** Of its one event loop. */
    TraitsPoolStats stats() {
        return server.context().pools().all().iterator().next().stats();
    }

    @Override
    public void close() {
        if (!ended) {
            server.shutDown(Duration.ofMillis(1));
        }
    }

    /** What a test may want to be different. */
    static final class Builder {
        private final IoTransport transport;
        private final InetSocketAddress upstream;
        UpstreamProtocol upstreamProtocol = UpstreamProtocol.H1;
        SslContext tls;
        QuicSslContext tlsH3;
        TraitsPolicy policy = TraitsPolicy.ALL;
        UnsendablePolicy unsendable = UnsendablePolicy.FAIL;
        TraitRegistry names = TraitRegistry.EMPTY;
        /** Instead of names and policy, if there are. */
        Supplier<TraitRules> rules;

        AccessLogFormat accessLog = AccessLogFormat.TEXT;
        HopConfig hops = HopConfig.OFF;
        int maxConnections = 16;
        int maxTotalConnections = 1024;
        int maxPending = 256;
        int maxPendingPerClient = 256;
        Duration idleTimeout = Duration.ofSeconds(30);
        Duration connectTimeout = Duration.ofSeconds(5);
        Duration responseTimeout = Duration.ofSeconds(30);

        Builder(IoTransport transport, InetSocketAddress upstream) {
            this.transport = transport;
            this.upstream = upstream;
        }

        Builder(IoTransport transport, InetSocketAddress upstream, HopConfig hops) {
            this(transport, upstream);
            this.hops = hops;
        }

        private static Supplier<TraitRules> rulesOf(TraitRegistry names, TraitsPolicy policy) {
            TraitRules rules = new TraitRules(names, policy);
            return () -> rules;
        }

        TestProxy start() throws IOException {
            ProxyConfig.Limits limits = new ProxyConfig.Limits(
                    1024,
                    4096,
                    maxConnections,
                    maxTotalConnections,
                    maxPending,
                    maxPendingPerClient,
                    256 * 1024,
                    idleTimeout,
                    connectTimeout,
                    responseTimeout);
            InetSocketAddress listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            return new TestProxy(ProxyServer.start(new ProxyConfig(
                    listen,
                    tlsH3 == null ? null : listen,
                    upstream,
                    upstreamProtocol,
                    tls,
                    tlsH3,
                    transport,
                    1,
                    rules == null ? rulesOf(names, policy) : rules,
                    unsendable,
                    accessLog,
                    limits,
                    hops)));
        }
    }
}
