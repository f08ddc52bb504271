// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.net;

import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProtocols;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;

/** The server's side of TLS with one certificate, for both of the transports that HTTP has. */
public final class ServerTls {
    private static final String HTTP_3 = "h3";

    private final SslContextBuilder tcp;
    private final QuicSslContextBuilder quic;

    private ServerTls(SslContextBuilder tcp, QuicSslContextBuilder quic) {
        this.tcp = tcp;
        this.quic = quic;
    }

    /** With a certificate chain and its PKCS #8 key, both PEM. */
    public static ServerTls of(Path certificate, Path key) throws IOException {
        File certificateFile = certificate.toFile();
        File keyFile = key.toFile();
        try {
            return new ServerTls(
                    SslContextBuilder.forServer(certificateFile, keyFile),
                    QuicSslContextBuilder.forServer(keyFile, null, certificateFile));
        } catch (IllegalArgumentException e) {
            Throwable root = e;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            throw new IOException(
                    "--cert " + certificate + " --key " + key + ": " + e.getMessage() + ": " + root.getMessage(), e);
        }
    }

    /** With a certificate for localhost and its addresses that nobody trusts. */
    public static ServerTls selfSigned() throws IOException {
        try {
            X509Bundle bundle = new CertificateBuilder()
                    .subject("CN=localhost")
                    .addSanDnsName("localhost")
                    .addSanIpAddress("127.0.0.1")
                    .addSanIpAddress("::1")
                    .ecp256()
                    .setIsCertificateAuthority(true)
                    .buildSelfSigned();
            return new ServerTls(
                    SslContextBuilder.forServer(bundle.getKeyPair().getPrivate(), bundle.getCertificatePath()),
                    QuicSslContextBuilder.forServer(
                            bundle.getKeyPair().getPrivate(), null, bundle.getCertificatePath()));
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("cannot make a certificate: " + e.getMessage(), e);
        }
    }

    /**
     * TLS 1.2 and 1.3 by the JDK, with the cipher suites that HTTP/2 allows (RFC 9113 section 9.2.2), and ALPN. A client whose
     * protocols are all others is served HTTP/1.1.
     */
    public SslContext tcp() throws IOException {
        return tcp.sslProvider(SslProvider.JDK)
                .protocols(SslProtocols.TLS_v1_3, SslProtocols.TLS_v1_2)
                .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_2,
                        ApplicationProtocolNames.HTTP_1_1))
                .build();
    }

    /** TLS 1.3, as QUIC has no other (RFC 9001 section 4.2), with ALPN {@code h3} alone, and without early data. */
    public QuicSslContext quic() {
        return quic.applicationProtocols(HTTP_3).build();
    }
}
