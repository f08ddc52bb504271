// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.config;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.ssl.SslContext;
import io.pkttraits.proxy.hop.HopConfig;
import io.pkttraits.proxy.log.AccessLogFormat;
import io.pkttraits.proxy.net.IoTransport;
import io.pkttraits.transport.UnsendablePolicy;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Everything that a proxy needs to know.
 *
 * @param listen where to accept clients by TCP; port 0 takes a free one; {@code null} for nowhere
 * @param listenH3 where to accept clients of HTTP/3; port 0 takes a free one; {@code null} for nowhere
 * @param upstream where requests go
 * @param upstreamProtocol the version of HTTP that it speaks
 * @param tls for clients that begin with TLS, on the same port as others; {@code null} to serve none such
 * @param tlsH3 for clients of HTTP/3; {@code null} if there are none
 * @param transport the I/O of both sides
 * @param threads event loops; each has its own upstream connections
 * @param rules names of trait keys, and which traits are taken and go on; others after the files of names have changed, so ask each time
 * @param unsendable what to do with a request whose traits the carrier cannot send
 * @param accessLog what its lines look like
 * @param limits sizes, counts and times
 * @param hops ways of traits beside packets
 */
public record ProxyConfig(
        InetSocketAddress listen,
        InetSocketAddress listenH3,
        InetSocketAddress upstream,
        UpstreamProtocol upstreamProtocol,
        SslContext tls,
        QuicSslContext tlsH3,
        IoTransport transport,
        int threads,
        Supplier<TraitRules> rules,
        UnsendablePolicy unsendable,
        AccessLogFormat accessLog,
        Limits limits,
        HopConfig hops) {

    /**
     * The bounds of what a peer can make the proxy do.
     *
     * @param maxInitialLine longest request or status line, in bytes
     * @param maxHeaderSize largest header section, in bytes
     * @param maxConnections upstream connections of one event loop for one set of traits
     * @param maxTotalConnections upstream connections of one event loop
     * @param maxPending requests of one event loop that may wait for an upstream connection
     * @param maxPendingPerClient those of them that may be of one client: an IPv4 address, or a /64 of IPv6
     * @param receiveBuffer SO_RCVBUF of every connection, in bytes: what a peer that closes can leave behind for the proxy to read
     * @param idleTimeout how long a client may keep the proxy waiting, and how long an upstream connection may lie unused
     * @param connectTimeout how long an upstream may take to accept, and how long a request may wait for a connection
     * @param responseTimeout how long an upstream may keep the proxy waiting
     */
    public record Limits(
            int maxInitialLine,
            int maxHeaderSize,
            int maxConnections,
            int maxTotalConnections,
            int maxPending,
            int maxPendingPerClient,
            int receiveBuffer,
            Duration idleTimeout,
            Duration connectTimeout,
            Duration responseTimeout) {
        /** Largest piece of content that is passed on as one; no larger than a single read. */
        private static final int MAX_CONTENT = 64 * 1024;

        /** The limits for a decoder of HTTP/1, on either side. */
        public HttpDecoderConfig decoderConfig() {
            return new HttpDecoderConfig()
                    .setMaxInitialLineLength(maxInitialLine)
                    .setMaxHeaderSize(maxHeaderSize)
                    .setMaxChunkSize(MAX_CONTENT);
        }
    }
}
