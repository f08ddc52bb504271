// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.proxy.net.IoTransport;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Timeout;

/** What goes over one stream, beside others of its connection. */
@Timeout(60)
class Http2StreamTest {
    private static final String[] OK = {"HTTP/1.1 200 OK", "Content-Length: 2", "", "ok"};

    @EachTransport
    void requestGoesOnInHttp11(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.answering(OK);
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                Http2Wire client = proxy.connectHttp2()) {
            int stream = client.request(
                    "GET", "/a?b", true, "cookie", "c=1", "cookie", "d=2", "te", "trailers", "x-http2-path", "/evil");
            assertEquals(
                    "HEADERS 1 :status=200 content-length=2 via=1.1 traits-proxy DATA 1 ok END",
                    client.response(stream));
            assertEquals(
                    "GET /a?b HTTP/1.1\nhost: a\ncookie: c=1; d=2\nvia: 2.0 traits-proxy\nx-forwarded-for: 127.0.0.1\n\n",
                    upstream.next());
        }
    }

    @EachTransport
    void hostFieldDoesForTheAuthority(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.answering(OK);
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                Http2Wire client = proxy.connectHttp2()) {
            String[] get = {":method", "GET", ":scheme", "http", ":path", "/"};
            client.response(client.open(true, concat(get, "host", "b")));
            assertTrue(upstream.next().contains("\nhost: b\n"));
            client.response(client.open(true, concat(get, ":authority", "A:80", "host", "a:80")));
            String both = upstream.next();
            assertEquals(2, both.split("\nhost: ", -1).length, both);
            client.response(client.open(true, get));
            assertTrue(upstream.next().contains("\nhost: 127.0.0.1:"));
        }
    }

    @EachTransport
    void contentAndTrailersPassInBothDirections(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.answering(
                        "HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "", "3", "abc", "0", "X-Sum: 3", "", "");
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                Http2Wire client = proxy.connectHttp2()) {
            for (int i = 0; i < 2; i++) {
                int stream = client.request("POST", "/", false);
                client.data(stream, "hi", false);
                client.data(stream, " there", false);
                client.headers(stream, true, "x-check", "42", "host", "evil", "content-length", "9", "cookie", "c=1");
                String response = client.response(stream);
                assertTrue(response.endsWith(" DATA " + stream + " abc HEADERS " + stream + " x-sum=3 END"), response);
                assertFalse(response.contains("transfer-encoding"), response);
                String request = upstream.next();
                assertTrue(request.contains("\ntransfer-encoding: chunked\n"), request);
                assertTrue(request.endsWith("hi there\nx-check: 42"), request);
            }
            assertEquals(1, upstream.connections());
        }
    }

    @EachTransport
    void lengthOfTheRequestIsKept(IoTransport transport) throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.answering(OK);
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                Http2Wire client = proxy.connectHttp2()) {
            int stream = client.request("PUT", "/", false, "content-length", "5");
            client.data(stream, "hel", false);
            client.data(stream, "lo", false);
            client.data(stream, "", true);
            client.response(stream);
            String request = upstream.next();
            assertTrue(request.contains("\ncontent-length: 5\n") && request.endsWith("\nhello"), request);
            client.response(client.request("POST", "/", true));
            request = upstream.next();
            assertTrue(request.contains("\ncontent-length: 0\n"), request);
            assertFalse(request.contains("transfer-encoding"), request);
        }
    }

    @EachTransport
    void interimResponsesPass(IoTransport transport) throws Exception {
        ScriptedUpstream.Script script = (wire, connection) -> {
            String head = wire.readHead();
            wire.sendHead("HTTP/1.1 103 Early Hints", "Link: </a>");
            wire.sendHead("HTTP/1.1 100 Continue");
            String body = wire.readBody(head);
            wire.sendHead("HTTP/1.1 200 OK", "Content-Length: " + body.length()).send(body);
            wire.readAll();
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                Http2Wire client = proxy.connectHttp2()) {
            int stream = client.request("PUT", "/", false, "expect", "100-continue", "content-length", "5");
            assertEquals("HEADERS 1 :status=103 link=</a>", client.next());
            assertEquals("HEADERS 1 :status=100", client.next());
            client.data(stream, "hello", true);
            assertTrue(client.response(stream).endsWith(" DATA 1 hello END"));
        }
    }

    @EachTransport
    void responsesWithoutContentHaveNone(IoTransport transport) throws Exception {
        ScriptedUpstream.Script script = (wire, connection) -> {
            wire.readHead();
            wire.sendHead("HTTP/1.1 200 OK", "Content-Length: 1234");
            wire.readHead();
            wire.sendHead("HTTP/1.1 204 No Content", "Content-Length: 5");
            wire.readHead();
            wire.sendHead("HTTP/1.1 304 Not Modified", "Content-Length: 99");
            wire.readHead();
            wire.sendHead("HTTP/1.1 205 Reset Content", "Content-Length: 7").send("content");
            wire.readAll();
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script);
                TestProxy proxy = TestProxy.start(transport, upstream.address());
                Http2Wire client = proxy.connectHttp2()) {
            String via = " via=1.1 traits-proxy DATA %d  END";
            assertEquals(
                    "HEADERS 1 :status=200 content-length=1234" + via.formatted(1),
                    client.response(client.request("HEAD", "/", true)));
            assertEquals("HEADERS 3 :status=204" + via.formatted(3), client.response(client.get("/")));
            assertEquals(
                    "HEADERS 5 :status=304 content-length=99" + via.formatted(5), client.response(client.get("/")));
            assertEquals("HEADERS 7 :status=205 content-length=0" + via.formatted(7), client.response(client.get("/")));
            assertEquals(1, upstream.connections());
        }
    }

    @EachTransport
    void streamsAreAnsweredInTheUpstreamsOrder(IoTransport transport) throws Exception {
        int streams = 60;
        CountDownLatch rest = new CountDownLatch(1);
        ScriptedUpstream.Script script = (wire, connection) -> {
            while (true) {
                String path = wire.readHead().split(" ", 3)[1];
                if (Integer.parseInt(path.substring(1)) % 2 == 0) {
                    rest.await();
                }
                wire.sendHead("HTTP/1.1 200 OK", "Content-Length: " + path.length())
                        .send(path);
            }
        };
        try (ScriptedUpstream upstream = new ScriptedUpstream(script)) {
            TestProxy.Builder builder = new TestProxy.Builder(transport, upstream.address());
            builder.maxConnections = streams;
            try (TestProxy proxy = builder.start();
                    Http2Wire client = proxy.connectHttp2()) {
                Set<String> expected = new HashSet<>();
                for (int i = 0; i < streams; i++) {
                    expected.add("DATA " + client.get("/" + i) + " /" + i + " END");
                }
                for (int ended = 0; ended < streams; ) {
                    String frame = client.next();
                    if (frame.startsWith("DATA")) {
                        assertTrue(expected.remove(frame), frame);
                        int number = Integer.parseInt(frame.split("[ /]+", 4)[2]);
                        assertTrue(number % 2 == 1 || rest.getCount() == 0, frame);
                        if (++ended == streams / 2) {
                            rest.countDown();
                        }
                    }
                }
            }
        }
    }

    private static String[] concat(String[] fields, String... more) {
        String[] all = java.util.Arrays.copyOf(fields, fields.length + more.length);
        System.arraycopy(more, 0, all, fields.length, more.length);
        return all;
    }
}
