// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.hop;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import io.pkttraits.Traits;
import io.pkttraits.codec.TraitFieldCodec;
import io.pkttraits.transport.pool.UpstreamKey;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * How one set of a client's traits goes on to the upstream.
 *
 * @param key the connections that may carry it; their affinity is the {@link ProxyHeader} that they begin with, if they do
 * @param field the value of the requests' field; {@code null} for none
 * @param carried what the upstream gets otherwise than by the SYN; {@code null} for nothing, not even an empty set
 */
public record UpstreamHop(UpstreamKey key, AsciiString field, Traits carried) {
    /**
     * Chooses the ways.
     *
     * @param forwarded the traits that go on
     * @param ofConnection those of them that upstream connections may be told apart by, and so have on their SYN
     */
    public static UpstreamHop of(
            HopConfig config, SocketAddress upstream, ClientOrigin client, Traits forwarded, Traits ofConnection) {
        ProxyHeader header = config.proxyHeader() == HopSend.OFF
                ? null
                : new ProxyHeader(
                        (InetSocketAddress) client.source(),
                        (InetSocketAddress) client.destination(),
                        forwarded,
                        config.tlvType());
        boolean field = config.field() != HopSend.OFF;
        return new UpstreamHop(
                new UpstreamKey(upstream, config.isSynSent() ? ofConnection : Traits.EMPTY, header),
                field && !forwarded.isEmpty() ? TraitFieldCodec.encode(forwarded) : null,
                field || header != null ? forwarded : null);
    }

    /** Puts the field into a request's headers, which have none. */
    public void addTo(HttpHeaders headers) {
        if (field != null) {
            headers.set(TraitFieldCodec.NAME, field);
        }
    }
}
