// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.pkttraits.proxy.net.HostPort;
import io.pkttraits.proxy.net.IoTransport;
import io.pkttraits.proxy.net.ServerTls;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** curl, nghttp, h2load, openssl and the JDK's client, each in every version that it and the proxy speak, on the one port. */
@Timeout(120)
@Tag("slow")
class ForeignClientsTest {
    private static final String FORMAT = " %{http_version} %{http_code}";

    @TempDir
    Path dir;

    @EachTransport
    void curlGetsItsResponseInEachVersion(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.answering("HTTP/1.1 200 OK", "Content-Length: 5", "", "hello");
                TestProxy proxy = startWithTls(transport, upstream)) {
            String plain = "http://" + HostPort.of(proxy.address()) + "/a?b";
            String tls = "https://localhost:" + proxy.address().getPort() + "/a?b";
            assertEquals("hello 1.1 200", curl(plain));
            assertEquals("hello 2 200", curl(plain, "--http2-prior-knowledge"));
            // The upgrade that it asks for is not made.
            assertEquals("hello 1.1 200", curl(plain, "--http2"));
            assertEquals("hello 2 200", curl(tls, "-k", "--http2"));
            assertEquals("hello 2 200", curl(tls, "-k", "--http2", "--tls-max", "1.2"));
            assertEquals("hello 1.1 200", curl(tls, "-k", "--http1.1"));
            assertEquals("hello 1.1 200", curl(tls, "-k", "--no-alpn"));
            for (int i = 0; i < 7; i++) {
                String request = upstream.next();
                assertTrue(request.startsWith("GET /a?b HTTP/1.1\n"), request);
                assertTrue(!request.contains("upgrade") && !request.contains("http2-settings"), request);
            }
        }
    }

    @EachTransport
    void curlUploadsAndDownloads(IoTransport transport) throws Exception {
        String content = "0123456789abcdef".repeat(100_000);
        Path file = Files.writeString(dir.resolve("upload"), content);
        ScriptedUpstream.Script echo = (wire, connection) -> {
            while (true) {
                String body = wire.readBody(wire.readHead());
                wire.sendHead("HTTP/1.1 200 OK", "Content-Length: " + body.length())
                        .send(body);
            }
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(echo);
                TestProxy proxy = startWithTls(transport, upstream)) {
            String tls = "https://localhost:" + proxy.address().getPort() + "/";
            for (String version : new String[] {"--http1.1", "--http2"}) {
                String expected = content + (version.equals("--http2") ? " 2 200" : " 1.1 200");
                assertEquals(expected, curl(tls, "-k", version, "--data-binary", "@" + file));
                assertEquals(expected, curl(tls, "-k", version, "-H", "Expect: 100-continue", "-T", file.toString()));
                assertEquals(
                        expected,
                        curl(
                                tls,
                                "-k",
                                version,
                                "-H",
                                "Transfer-Encoding: chunked",
                                "-X",
                                "POST",
                                "-T",
                                file.toString()));
            }
        }
    }

    @EachTransport
    void nghttpGetsManyOnOneConnection(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.answering("HTTP/1.1 200 OK", "Content-Length: 5", "", "hello");
                TestProxy proxy = startWithTls(transport, upstream)) {
            String plain = "http://" + HostPort.of(proxy.address()) + "/";
            String tls = "https://" + HostPort.of(proxy.address()) + "/";
            for (String url : new String[] {plain, tls}) {
                String output = ProgramOutput.of("nghttp", "-v", "-m", "20", url);
                assertEquals(20, output.split(":status: 200", -1).length - 1, output);
                assertTrue(!output.contains("RST_STREAM"), output);
            }
        }
    }

    @EachTransport
    void h2loadFindsNoRequestFailed(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.answering("HTTP/1.1 200 OK", "Content-Length: 5", "", "hello");
                TestProxy proxy = startWithTls(transport, upstream)) {
            for (String scheme : new String[] {"http", "https"}) {
                String url = scheme + "://" + HostPort.of(proxy.address()) + "/";
                String output = ProgramOutput.of("h2load", "-n", "5000", "-c", "5", "-m", "50", url);
                assertTrue(output.contains("5000 succeeded, 0 failed, 0 errored, 0 timeout"), output);
                assertTrue(output.contains("5000 2xx, 0 3xx, 0 4xx, 0 5xx"), output);
            }
        }
    }

    @EachTransport
    void jdkClientGetsItsResponses(IoTransport transport) throws Exception {
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.answering("HTTP/1.1 200 OK", "Content-Length: 5", "", "hello");
                TestProxy proxy = startWithTls(transport, upstream)) {
            HttpClient client = HttpClient.newBuilder().sslContext(trusting).build();
            HttpResponse<String> plain = client.send(
                    get("http://localhost:" + proxy.address().getPort() + "/"), HttpResponse.BodyHandlers.ofString());
            assertEquals(HttpClient.Version.HTTP_1_1, plain.version());
            assertEquals("hello", plain.body());
            List<CompletableFuture<HttpResponse<String>>> responses = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                responses.add(client.sendAsync(
                        get("https://localhost:" + proxy.address().getPort() + "/" + i),
                        HttpResponse.BodyHandlers.ofString()));
            }
            for (CompletableFuture<HttpResponse<String>> response : responses) {
                assertEquals(HttpClient.Version.HTTP_2, response.get().version());
                assertEquals("hello", response.get().body());
            }
        }
    }

    @EachTransport
    void certificateOfTheUserIsShown(IoTransport transport) throws Exception {
        String key = dir.resolve("key.pem").toString();
        String certificate = dir.resolve("cert.pem").toString();
        ProgramOutput.of(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-subj",
                "/CN=localhost",
                "-addext",
                "subjectAltName=DNS:localhost",
                "-days",
                "2",
                "-keyout",
                key,
                "-out",
                certificate);
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.answering("HTTP/1.1 200 OK", "Content-Length: 5", "", "hello");
                JavaProgram proxy = JavaProgram.proxy(
                        HostPort.of(upstream.address()).toString(),
                        "--cert",
                        certificate,
                        "--key",
                        key,
                        "--transport",
                        transport.toString())) {
            String url = "https://localhost:" + proxy.awaitReady().port() + "/";
            assertEquals("hello 2 200", curl(url, "--cacert", certificate));
        }
    }

    private static TestProxy startWithTls(IoTransport transport, ScriptedUpstream upstream) throws Exception {
        TestProxy.Builder builder = new TestProxy.Builder(transport, upstream.address());
        builder.tls = ServerTls.selfSigned().tcp();
        builder.maxConnections = 250;
        return builder.start();
    }

    private static HttpRequest get(String url) {
        return HttpRequest.newBuilder(URI.create(url)).build();
    }

    private static String curl(String url, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "--max-time", "20", "-4", "-w", FORMAT));
        command.addAll(List.of(options));
        command.add(url);
        return ProgramOutput.of(command.toArray(String[]::new));
    }
}
