// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.transport.policy;

import java.net.InetSocketAddress;

/**
 * What a proxy knows of a client's connection, beside its traits, for a {@link TraitsPolicy} to set traits from. What is not
 * known is {@code null}, and a rule that needs it sets nothing.
 *
 * @param peer the client
 * @param local the address that the client connected or sent to
 * @param sni the server name that the client asked for (RFC 6066 section 3)
 * @param alpn the protocol that was agreed on (RFC 7301)
 */
public record ConnectionFacts(InetSocketAddress peer, InetSocketAddress local, String sni, String alpn) {
    /** Of a connection, or a flow of datagrams, without TLS. */
    public static ConnectionFacts of(InetSocketAddress peer, InetSocketAddress local) {
        return new ConnectionFacts(peer, local, null, null);
    }
}
