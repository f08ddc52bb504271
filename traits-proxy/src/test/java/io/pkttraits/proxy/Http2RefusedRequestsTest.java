// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.proxy.log.AccessLogFormat;
import io.pkttraits.proxy.log.LogLines;
import io.pkttraits.proxy.net.IoTransport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;

/** Requests of HTTP/2 that are malformed, or that could mean something else in HTTP/1.1, never reach the upstream. */
@Timeout(60)
class Http2RefusedRequestsTest {
    private static final String[] OK = {"HTTP/1.1 200 OK", "Content-Length: 0", "", ""};

    private static List<String[]> malformed() {
        List<String[]> requests = new ArrayList<>();
        String[] get = {":method", "GET", ":scheme", "http", ":authority", "a", ":path", "/"};
        requests.add(with(get, "connection", "close"));
        requests.add(with(get, "connection", "x-forwarded-for"));
        requests.add(with(get, "keep-alive", "1"));
        requests.add(with(get, "proxy-connection", "close"));
        requests.add(with(get, "transfer-encoding", "chunked"));
        requests.add(with(get, "transfer-encoding", "identity"));
        requests.add(with(get, "upgrade", "h2c"));
        requests.add(with(get, "te", "gzip"));
        requests.add(with(get, "te", "trailers, chunked"));
        requests.add(with(get, "X", "upper case"));
        requests.add(with(get, "x y", "1"));
        requests.add(with(get, "x:y", "1"));
        requests.add(with(get, "x\r\ny", "1"));
        requests.add(with(get, "", "1"));
        requests.add(with(get, "x", "a\r\nb: c"));
        requests.add(with(get, "x", "a\nb"));
        requests.add(with(get, "x", "a\0b"));
        requests.add(with(get, "content-length", "5"));
        requests.add(with(get, "content-length", "+0"));
        requests.add(with(get, "content-length", "-1"));
        requests.add(with(get, "content-length", "0", "content-length", "1"));
        requests.add(with(get, "content-length", "0, 1"));
        requests.add(with(get, "host", "b"));
        requests.add(with(get, "host", "a", "host", "b"));
        requests.add(with(get, "host", "a", "host", "a"));
        requests.add(new String[] {":method", "GET", ":scheme", "http", ":path", "/", "host", "a", "host", "a"});
        requests.add(with(get, ":protocol", "websocket"));
        requests.add(with(get, ":status", "200"));
        requests.add(with(get, ":unknown", "1"));
        requests.add(with(get, ":path", "/"));
        requests.add(with(get, ":authority", "a"));
        requests.add(new String[] {":scheme", "http", ":authority", "a", ":path", "/"});
        requests.add(new String[] {":method", "GET", ":authority", "a", ":path", "/"});
        requests.add(new String[] {":method", "GET", ":scheme", "http", ":authority", "a"});
        requests.add(new String[] {":method", "GET", ":scheme", "http", ":authority", "a", ":path", ""});
        requests.add(new String[] {":method", "GET", ":scheme", "http", "x", "1", ":path", "/"});
        requests.add(new String[] {":method", "GET", ":scheme", "ftp", ":authority", "a", ":path", "/"});
        requests.add(new String[] {":method", "GET / HTTP/1.1\r\nx: y", ":scheme", "http", ":path", "/"});
        requests.add(new String[] {":method", "G@T", ":scheme", "http", ":authority", "a", ":path", "/"});
        requests.add(new String[] {":method", "GET /", ":scheme", "http", ":authority", "a", ":path", "/"});
        requests.add(new String[] {":method", "GET", ":scheme", "http", ":path", "/ HTTP/1.1\r\nx: y"});
        requests.add(new String[] {":method", "GET", ":scheme", "http", ":authority", "a\r\nx: y", ":path", "/"});
        return requests;
    }

    private static Map<List<String>, Integer> unwanted() {
        Map<List<String>, Integer> requests = new LinkedHashMap<>();
        requests.put(List.of(new String[] {":method", "GET", ":scheme", "http", ":path", "/", "host", "a b"}), 400);
        requests.put(List.of(request("GET", "u@b", "/")), 400);
        requests.put(List.of(request("GET", "a/b", "/")), 400);
        requests.put(List.of(request("GET", "a", "a")), 400);
        requests.put(List.of(request("GET", "a", "*")), 400);
        requests.put(List.of(request("GET", "a", "http://b/")), 400);
        requests.put(List.of(request("GET", "a", "//b#c")), 400);
        requests.put(List.of(request("GET", "a", "/\u00e9")), 400);
        requests.put(
                List.of(with(request("GET", "a", "/"), "sec-websocket-key1", "1", "sec-websocket-key2", "2")), 400);
        requests.put(List.of(request("TRACE", "a", "/")), 501);
        requests.put(List.of(new String[] {":method", "CONNECT", ":authority", "a:443"}), 501);
        requests.put(List.of(request("GET", "a", "/" + "a".repeat(1100))), 414);
        requests.put(List.of(with(request("GET", "a", "/"), "x", "a".repeat(5200))), 431);
        return requests;
    }

    @EachTransport
    void malformedOnesResetTheirStreamAlone(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.answering(OK);
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                Http2Wire client = proxy.connectHttp2()) {
            for (String[] request : malformed()) {
                int stream = client.open(true, request);
                assertEquals(
                        "RST_STREAM " + stream + " PROTOCOL_ERROR", client.response(stream), String.join("|", request));
            }
            assertEquals(0, upstream.connections());
            assertTrue(client.response(client.get("/")).contains(" :status=200 "));
        }
    }

    @EachTransport
    void thoseThatHadAStreamHaveTheirLineInTheAccessLog(IoTransport transport) throws Exception {
        String[] get = request("GET", "a", "/");
        List<String[]> requests = List.of(with(get, "host", "b"), with(get, "host", "a", "host", "a"), new String[] {
            ":method", "GET", ":scheme", "ftp", ":authority", "a", ":path", "/"
        });
        try (ScriptedUpstream upstream = ScriptedUpstream.answering(OK);
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                Http2Wire client = proxy.connectHttp2();
                LogLines log = new LogLines(AccessLogFormat.TEXT)) {
            List<String> expected = new ArrayList<>();
            for (String[] request : requests) {
                client.response(client.open(true, request));
                expected.add("method=- uri=\"-\" version=HTTP/2.0 status=- bytes=0 end=refused");
            }
            List<String> seen = log.lines().stream()
                    .map(line -> line.replaceAll("^peer=\\S+ | ms=\\d+| traits=.*", ""))
                    .toList();
            assertEquals(expected, seen);
        }
    }

    @EachTransport
    void unwantedOnesAreAnswered(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.answering(OK);
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                Http2Wire client = proxy.connectHttp2()) {
            for (Map.Entry<List<String>, Integer> request : unwanted().entrySet()) {
                int stream = client.open(true, request.getKey().toArray(String[]::new));
                String response = client.response(stream);
                assertTrue(
                        response.startsWith("HEADERS " + stream + " :status=" + request.getValue())
                                && !response.contains("connection"),
                        String.join("|", request.getKey()) + ": " + response);
                if (request.getValue() == 431) {
                    assertEquals("RST_STREAM " + stream + " PROTOCOL_ERROR", client.next());
                }
            }
            assertEquals(0, upstream.connections());
            assertTrue(client.response(client.get("/")).contains(" :status=200 "));
        }
    }

    @EachTransport
    void contentThatIsNotAsLongAsPromisedResetsTheStream(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream((wire, connection) -> wire.readAll());
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                Http2Wire client = proxy.connectHttp2()) {
            int longer = client.request("POST", "/", false, "content-length", "5");
            client.data(longer, "hel", false);
            client.data(longer, "lo GET /smuggled HTTP/1.1\r\n", false);
            assertEquals("RST_STREAM " + longer + " PROTOCOL_ERROR", client.response(longer));
            int shorter = client.request("POST", "/", false, "content-length", "5");
            client.data(shorter, "hel", true);
            assertEquals("RST_STREAM " + shorter + " PROTOCOL_ERROR", client.response(shorter));
            int trailers = client.request("POST", "/", false, "content-length", "5");
            client.headers(trailers, true, "x", "y");
            assertEquals("RST_STREAM " + trailers + " PROTOCOL_ERROR", client.response(trailers));
        }
    }

    @EachTransport
    void secondHeadIsNoSecondRequest(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream((wire, connection) -> {
                    while (true) {
                        upstreamSaw(wire);
                    }
                });
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                Http2Wire client = proxy.connectHttp2()) {
            for (boolean end : new boolean[] {true, false}) {
                int stream = client.request("POST", "/", false);
                client.headers(
                        stream, end, ":method", "GET", ":scheme", "http", ":authority", "a", ":path", "/smuggled");
                assertEquals("RST_STREAM " + stream + " PROTOCOL_ERROR", client.response(stream));
            }
            int stream = client.request("POST", "/", false);
            client.headers(stream, false, "x", "trailers that do not end the stream");
            assertEquals("RST_STREAM " + stream + " PROTOCOL_ERROR", client.response(stream));
        }
    }

    private static void upstreamSaw(HttpWire wire) throws Exception {
        String head = wire.readHead();
        if (head.contains("smuggled")) {
            wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 0");
        }
    }

    private static String[] request(String method, String authority, String path) {
        return new String[] {":method", method, ":scheme", "https", ":authority", authority, ":path", path};
    }

    private static String[] with(String[] fields, String... more) {
        String[] all = java.util.Arrays.copyOf(fields, fields.length + more.length);
        System.arraycopy(more, 0, all, fields.length, more.length);
        return all;
    }
}
