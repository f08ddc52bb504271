// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.http;

import io.netty.channel.Channel;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.ssl.SslHandler;
import io.pkttraits.proxy.hop.ClientOrigin;
import io.pkttraits.transport.policy.ConnectionFacts;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;

/** What a client's connection tells to the policy. To be asked when TLS, if there is any, is done with its handshake. */
public final class ClientFacts {
    private ClientFacts() {}

    /**
     * Returns what a policy may know of a connection.
     *
     * @param origin where it comes from, for whom it has been proxied
     */
    public static ConnectionFacts of(Channel connection, ClientOrigin origin) {
        if (connection instanceof QuicChannel quic) {
            return of(origin.source(), origin.destination(), quic.sslEngine());
        }
        SslHandler tls = connection.pipeline().get(SslHandler.class);
        return of(origin.source(), origin.destination(), tls == null ? null : tls.engine());
    }

    private static ConnectionFacts of(SocketAddress peer, SocketAddress local, SSLEngine tls) {
        return new ConnectionFacts(
                inet(peer),
                inet(local),
                tls == null ? null : sni(tls),
                tls == null ? null : tls.getApplicationProtocol());
    }

    private static InetSocketAddress inet(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet : null;
    }

    /** Netty's QUIC does not tell it. */
    private static String sni(SSLEngine tls) {
        if (!(tls.getSession() instanceof ExtendedSSLSession session)) {
            return null;
        }
        List<SNIServerName> names = session.getRequestedServerNames();
        return names.isEmpty() ? null : new SNIHostName(names.get(0).getEncoded()).getAsciiName();
    }
}
