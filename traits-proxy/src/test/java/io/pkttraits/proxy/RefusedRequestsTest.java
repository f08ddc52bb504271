// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.proxy.log.AccessLogFormat;
import io.pkttraits.proxy.log.LogLines;
import io.pkttraits.proxy.net.IoTransport;
import java.util.LinkedHashMap;
import java.util.Map;

/** Requests that could be read in two ways never reach the upstream. */
class RefusedRequestsTest {
    private static Map<String, Integer> requests() {
        Map<String, Integer> requests = new LinkedHashMap<>();
        String post = "POST / HTTP/1.1\r\nHost: a\r\n";
        requests.put(post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
        requests.put(post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400);
        requests.put(post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", 400);
        requests.put(post + "Content-Length: 5, 6\r\n\r\nhello", 400);
        requests.put(post + "Content-Length: +5\r\n\r\nhello", 400);
        requests.put(post + "Content-Length: -5\r\n\r\nhello", 400);
        requests.put(post + "Content-Length: 0x5\r\n\r\nhello", 400);
        requests.put(post + "Content-Length : 5\r\n\r\nhello", 400);
        requests.put(post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400);
        requests.put(post + " Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
        requests.put(post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400);
        requests.put(post + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400);
        requests.put(post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501);
        requests.put("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
        requests.put("GET / HTTP/1.1\nHost: a\n\n", 400);
        requests.put("GET / HTTP/1.1\r\n\r\n", 400);
        requests.put("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400);
        requests.put("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400);
        requests.put("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400);
        requests.put("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400);
        requests.put("GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n", 400);
        requests.put("GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", 400);
        requests.put("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400);
        requests.put("GET /\u00e9 HTTP/1.1\r\nHost: a\r\n\r\n", 400);
        requests.put("GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400);
        requests.put("GET http://u@b/ HTTP/1.1\r\nHost: a\r\n\r\n", 400);
        requests.put("GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400);
        requests.put("GET / HTTP/1.1\r\nHost: a\r\nSec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2\r\n\r\n", 400);
        requests.put("GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505);
        requests.put("GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505);
        requests.put("nonsense\r\n\r\n", 400);
        requests.put("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", 501);
        requests.put("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 501);
        requests.put("GET /" + "a".repeat(1100) + " HTTP/1.1\r\nHost: a\r\n\r\n", 414);
        requests.put("GET / HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(4100) + "\r\n\r\n", 431);
        requests.put("GET / HTTP/1.1\r\nHost: a\r\n" + "X: aaaaaaaa\r\n".repeat(500) + "\r\n", 431);
        return requests;
    }

    @EachTransport
    void ambiguousRequestsAreAnsweredAndTheirConnectionsClosed(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.answering("HTTP/1.1 200 OK", "Content-Length: 0", "", "");
                TestProxy proxy = TestProxy.start(transport, upstream.address())) {
            for (Map.Entry<String, Integer> request : requests().entrySet()) {
                try (HttpWire client = proxy.connect()) {
                    client.send(request.getKey() + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
                    String response = client.readMessage();
                    assertTrue(
                            response.startsWith("HTTP/1.1 " + request.getValue())
                                    && response.contains("connection: close"),
                            request + ": " + response);
                    assertTrue(client.isAtEnd(), request.getKey());
                }
            }
            assertEquals(0, upstream.connections());
        }
    }

    @EachTransport
    void headWhoseFirstLineCannotBeReadIsLoggedAsNothingThatWasSent(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.answering("HTTP/1.1 200 OK", "Content-Length: 0", "", "");
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                LogLines log = new LogLines(AccessLogFormat.TEXT);
                HttpWire client = proxy.connect()) {
            assertTrue(client.send("DELETE /secret HTTP/1.1\nHost: a\n\n")
                    .readAll()
                    .startsWith("HTTP/1.1 400 "));
            Await.until(() -> !log.lines().isEmpty());
            String line = log.lines().get(0);
            assertTrue(line.contains(" method=- uri=\"-\" version=- status=400 "), line);
        }
    }

    @EachTransport
    void badChunksAreRefusedAndTheUpstreamConnectionIsGivenUp(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream((wire, connection) -> wire.readAll());
                TestProxy proxy = TestProxy.start(transport, upstream.address())) {
            for (String chunks :
                    new String[] {"zz\r\nhi\r\n", "-1\r\n\r\n", "2\r\nhiXX", "ffffffffff\r\n", "2\nhi\n0\n\n"}) {
                try (HttpWire client = proxy.connect()) {
                    client.sendHead("POST / HTTP/1.1", "Host: a", "Transfer-Encoding: chunked")
                            .send(chunks);
                    String response = client.readMessage();
                    assertTrue(response.startsWith("HTTP/1.1 400"), chunks + ": " + response);
                    assertTrue(client.isAtEnd(), chunks);
                }
            }
        }
    }
}
