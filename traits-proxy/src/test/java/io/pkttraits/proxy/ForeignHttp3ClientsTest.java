// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.pkttraits.proxy.net.HostPort;
import io.pkttraits.proxy.net.IoTransport;
import io.pkttraits.proxy.net.ServerTls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** ngtcp2's client and Chromium. */
@Timeout(120)
@Tag("slow")
class ForeignHttp3ClientsTest {
    private static final String VIA = "\nvia: 3.0 traits-proxy\n";

    @TempDir
    Path dir;

    @EachTransport
    void ngtcp2GetsWhatItAsksFor(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.answering("HTTP/1.1 200 OK", "Content-Length: 5", "", "hello");
                TestProxy proxy = start(transport, upstream)) {
            ngtcp2(proxy, List.of(), "https://localhost/a", "https://localhost/c");
            assertEquals("hello", Files.readString(dir.resolve("a")));
            assertEquals("hello", Files.readString(dir.resolve("c")));
            for (int i = 0; i < 2; i++) {
                String request = upstream.next();
                assertTrue(request.startsWith("GET /a HTTP/1.1\n") || request.startsWith("GET /c HTTP/1.1\n"), request);
                assertTrue(request.contains(VIA), request);
                assertTrue(request.contains("\nx-forwarded-for: 127.0.0.1\n"), request);
                assertTrue(!request.contains("transfer-encoding"), request);
            }
        }
    }

    @EachTransport
    void ngtcp2LosesPacketsButNothingElse(IoTransport transport) throws Exception {
        String content = "0123456789abcdef".repeat(10_000);
        try (ScriptedUpstream upstream = ScriptedUpstream.answering(
                        "HTTP/1.1 200 OK", "Content-Length: " + content.length(), "", content);
                TestProxy proxy = start(transport, upstream)) {
            ngtcp2(
                    proxy,
                    List.of("-t", "0.1", "-r", "0.1"),
                    "https://localhost/a",
                    "https://localhost/b",
                    "https://localhost/c");
            for (String name : new String[] {"a", "b", "c"}) {
                assertEquals(content, Files.readString(dir.resolve(name)));
            }
        }
    }

    @EachTransport
    void ngtcp2Uploads(IoTransport transport) throws Exception {
        String content = "0123456789abcdef".repeat(20_000);
        Path file = Files.writeString(dir.resolve("upload"), content);
        ScriptedUpstream.Script echo = (wire, connection) -> {
            while (true) {
                String body = wire.readBody(wire.readHead());
                wire.sendHead("HTTP/1.1 200 OK", "Content-Length: " + body.length())
                        .send(body);
            }
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(echo);
                TestProxy proxy = start(transport, upstream)) {
            ngtcp2(proxy, List.of("-m", "POST", "-d", file.toString()), "https://localhost/echo");
            assertEquals(content, Files.readString(dir.resolve("echo")));
        }
    }

    @EachTransport
    void chromiumShowsThePage(IoTransport transport) throws Exception {
        X509Bundle bundle = new CertificateBuilder()
                .subject("CN=localhost")
                .addSanIpAddress("127.0.0.1")
                .ecp256()
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        Path certificate = Files.writeString(dir.resolve("cert.pem"), bundle.getCertificatePathPEM());
        Path key = Files.writeString(dir.resolve("key.pem"), bundle.getPrivateKeyPEM());
        byte[] publicKey = bundle.getKeyPair().getPublic().getEncoded();
        String hash = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(publicKey));
        try (ScriptedUpstream upstream = ScriptedUpstream.answering(
                        "HTTP/1.1 200 OK", "Content-Type: text/html", "Content-Length: 12", "", "<p>hello</p>");
                JavaProgram proxy = new JavaProgram(
                        TraitsProxy.class,
                        "--listen-h3",
                        "127.0.0.1:0",
                        "--cert",
                        certificate.toString(),
                        "--key",
                        key.toString(),
                        "--upstream",
                        HostPort.of(upstream.address()).toString(),
                        "--transport",
                        transport.toString())) {
            String origin = proxy.awaitReady().toString();
            List<String> chromium = ChromiumPage.command(
                    dir.resolve("profile"),
                    "--enable-quic",
                    "--origin-to-force-quic-on=" + origin,
                    "--ignore-certificate-errors-spki-list=" + hash,
                    "--dump-dom",
                    "https://" + origin + "/page");
            String page = ProgramOutput.of(chromium.toArray(String[]::new));
            assertTrue(page.contains("<p>hello</p>"), page);
            String request = upstream.next();
            assertTrue(request.startsWith("GET /page HTTP/1.1\n") && request.contains(VIA), request);
            String log = proxy.readLine();
            assertTrue(log.contains(" uri=\"/page\" version=HTTP/3.0 status=200 "), log);
        }
    }

    /** Its options come before host and port, its URIs behind. */
    private void ngtcp2(TestProxy proxy, List<String> options, String... uris) throws Exception {
        List<String> command = new ArrayList<>(List.of("timeout", "60", "gtlsclient", "-q"));
        command.addAll(List.of("--exit-on-all-streams-close", "--download=" + dir));
        command.addAll(options);
        command.addAll(List.of("127.0.0.1", String.valueOf(proxy.addressH3().getPort())));
        command.addAll(List.of(uris));
        ProgramOutput.of(command.toArray(String[]::new));
    }

    private static TestProxy start(IoTransport transport, ScriptedUpstream upstream) throws Exception {
        TestProxy.Builder builder = new TestProxy.Builder(transport, upstream.address());
        builder.tlsH3 = ServerTls.selfSigned().quic();
        return builder.start();
    }
}
