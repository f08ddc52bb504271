// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import io.netty.handler.codec.http2.Http2SecurityUtil;
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
import java.io.IOException;
import java.nio.file.Path;

/**
 * The server's side of TLS 1.2 and 1.3 by the JDK, with the cipher suites that HTTP/2 allows (RFC 9113 section 9.2.2), and ALPN. A
 * client whose protocols are all others is served HTTP/1.1.
 */
final class ServerTls {
    private ServerTls() {}

    /** With a certificate chain and its PKCS #8 key, both PEM. */
    static SslContext of(Path certificate, Path key) throws IOException {
        try {
            return build(SslContextBuilder.forServer(certificate.toFile(), key.toFile()));
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
    static SslContext selfSigned() throws IOException {
        try {
            X509Bundle bundle = new CertificateBuilder()
                    .subject("CN=localhost")
                    .addSanDnsName("localhost")
                    .addSanIpAddress("127.0.0.1")
                    .addSanIpAddress("::1")
                    .ecp256()
                    .setIsCertificateAuthority(true)
                    .buildSelfSigned();
            return build(SslContextBuilder.forServer(bundle.getKeyPair().getPrivate(), bundle.getCertificatePath()));
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("cannot make a certificate: " + e.getMessage(), e);
        }
    }

    private static SslContext build(SslContextBuilder builder) throws IOException {
        return builder.sslProvider(SslProvider.JDK)
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
}
