// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.proxy.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.Traits;
import io.pkttraits.proxy.ProgramOutput;
import io.pkttraits.registry.TraitDefinition;
import io.pkttraits.registry.TraitRegistry;
import io.pkttraits.registry.TraitType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogTest {
    private static final InetSocketAddress PEER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4242);
    private static final Traits TRAITS = Traits.builder()
            .put(4, new byte[] {0, 0, 0, 7})
            .putFlag(9)
            .put(11, new byte[] {1, 2})
            .build();
    private static final TraitRegistry NAMES = TraitRegistry.of(List.of(
            TraitDefinition.of("customer_id", 4, TraitType.U32).withSensitive(true),
            TraitDefinition.of("debug", 9, TraitType.FLAG)));

    @Test
    void lineNamesEverythingOnce() {
        assertEquals(
                "peer=127.0.0.1:4242 method=GET uri=\"/a?b\" version=HTTP/1.1 status=200 bytes=12 ms=3 end=complete"
                        + " traits={4=0x00000007, 9, 11=0x0102} forwarded={}",
                lineOf(AccessLogFormat.TEXT, TraitRegistry.EMPTY, "GET", "/a?b", 200, AccessLog.End.COMPLETE));
    }

    @Test
    void traitsHaveTheirNamesAndSensitiveValuesAreMasked() {
        String text = lineOf(AccessLogFormat.TEXT, NAMES, "GET", "/", 200, AccessLog.End.COMPLETE);
        assertTrue(text.endsWith(" traits={customer_id=***, debug, 11=0x0102} forwarded={}"), text);
        assertEquals(
                "{\"time\":\"2026-11-27T12:00:00.123Z\",\"peer\":\"127.0.0.1:4242\",\"method\":\"GET\",\"uri\":\"/\",\"version\":"
                        + "\"HTTP/1.1\",\"status\":200,\"bytes\":12,\"ms\":3,\"end\":\"complete\",\"traits\":{\"customer_id\":"
                        + "\"***\",\"debug\":true,\"11\":\"0x0102\"},\"forwarded\":{}}",
                lineOf(AccessLogFormat.JSON, NAMES, "GET", "/", 200, AccessLog.End.COMPLETE));
    }

    @Test
    void requestWithoutResponseHasNoStatus() {
        assertTrue(lineOf(AccessLogFormat.TEXT, NAMES, "GET", "/", 0, AccessLog.End.CLIENT)
                .contains(" status=- bytes=12 ms=3 end=client-gone "));
        assertTrue(lineOf(AccessLogFormat.JSON, NAMES, "GET", "/", 0, AccessLog.End.CLIENT)
                .contains("\"status\":null,\"bytes\":12,\"ms\":3,\"end\":\"client-gone\""));
    }

    @Test
    void targetCannotEndItsField() {
        String line =
                lineOf(AccessLogFormat.TEXT, NAMES, "G\"", "/\" status=200\r\nforged\\", 400, AccessLog.End.COMPLETE);
        assertTrue(line.contains(" method=G\\u0022 "), line);
        assertTrue(
                line.contains(" uri=\"/\\u0022 status=200\\u000d\\u000aforged\\u005c\" version=HTTP/1.1 status=400 "),
                line);
    }

    @Property
    void anyTargetIsOneFieldOfPrintableAscii(@ForAll String uri) {
        StringBuilder escaped = new StringBuilder();
        AccessLog.escape(escaped, uri);
        assertTrue(escaped.chars().allMatch(c -> c >= ' ' && c < 0x7f && c != '"'), escaped.toString());
    }

    /** Python's parser is the judge; the lines are compared as it read them. */
    @Test
    void anyTargetIsReadBackFromJson(@TempDir Path dir) throws Exception {
        Random random = new Random(1);
        List<String> uris = new ArrayList<>(List.of("\"", "\\", "\\\"", "\0", "\n\r\t", "\u2028", "\ud800", "{}", ""));
        for (int i = 0; i < 300; i++) {
            StringBuilder uri = new StringBuilder();
            for (int j = random.nextInt(20); j > 0; j--) {
                uri.append((char) (random.nextBoolean() ? random.nextInt(0x80) : random.nextInt(0x10000)));
            }
            uris.add(uri.toString());
        }
        List<String> lines = new ArrayList<>();
        StringBuilder expected = new StringBuilder();
        for (String uri : uris) {
            lines.add(lineOf(AccessLogFormat.JSON, NAMES, uri, uri, 200, AccessLog.End.COMPLETE));
            uri.chars().forEach(c -> expected.append(c).append(' '));
            expected.append('\n');
        }
        Path file = Files.write(dir.resolve("access.json"), lines, StandardCharsets.US_ASCII);
        // Its strings are of code points, of which one above U+FFFF is two of Java's.
        String program = """
                import json, sys
                for line in open(sys.argv[1]):
                    entry = json.loads(line)
                    assert entry["method"] == entry["uri"] and entry["traits"]["debug"] is True, line
                    units = entry["uri"].encode("utf-16-be", "surrogatepass")
                    print("".join("%d " % int.from_bytes(units[i:i + 2], "big") for i in range(0, len(units), 2)))
                """;
        assertEquals(expected.toString(), ProgramOutput.of("python3", "-c", program, file.toString()));
    }

    private static String lineOf(
            AccessLogFormat format, TraitRegistry names, String method, String uri, int status, AccessLog.End end) {
        try (LogLines log = new LogLines(format)) {
            new AccessLog(format, () -> names)
                    .log(new AccessEntry(
                            Instant.parse("2026-11-27T12:00:00.123Z"),
                            PEER,
                            method,
                            uri,
                            "HTTP/1.1",
                            status,
                            12,
                            3_999_999,
                            end,
                            TRAITS,
                            Traits.EMPTY));
            assertEquals(1, log.lines().size());
            return log.lines().get(0);
        }
    }
}
