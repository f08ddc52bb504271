// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.cli;

import io.pkttraits.proxy.net.ServerTls;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line's part for TLS. */
public final class TlsOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--tls",
            description =
                    "Accept TLS 1.2 and 1.3 on the same port as well, with ALPN h2 and http/1.1. The certificate is a"
                            + " self-signed one for localhost, made at the start, unless --cert and --key name another.")
    private boolean tls;

    @Option(
            names = "--cert",
            paramLabel = "FILE",
            description = "The certificate and its chain, in PEM; implies --tls. For --listen-h3 as well.")
    private Path certificate;

    @Option(names = "--key", paramLabel = "FILE", description = "The certificate's private key, in PEM (PKCS #8).")
    private Path key;

    /** Whether TLS is served on the TCP port. */
    public boolean isOn() {
        return tls || certificate != null || key != null;
    }

    /** Throws if the files are no certificate and key. */
    public ServerTls toServerTls() throws IOException {
        if ((certificate == null) != (key == null)) {
            throw new ParameterException(spec.commandLine(), "--cert and --key go together");
        }
        return certificate != null ? ServerTls.of(certificate, key) : ServerTls.selfSigned();
    }
}
