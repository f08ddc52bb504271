// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.Traits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Any file loads or gives the one typed error; any traits are formatted. */
final class RegistryFuzzTest {
    private static final String VALID = """
            # a comment
            customer_id = { key = 4, type = "u32", order = "host", description = "Who pays", sensitive = true }
            session = { keys = "8-11", type = "bytes", max_length = 40 }
            [tenant]
            key = 12
            type = 'uuid'
            description = \"""
            several
            lines\"""
            [debug]
            key = 0x0d
            type = "flag"
            """;

    private static Path dir;

    @BeforeContainer
    static void makeDirectory() throws IOException {
        dir = Files.createTempDirectory("registry");
    }

    @AfterContainer
    static void removeDirectory() throws IOException {
        Files.deleteIfExists(dir.resolve("a.toml"));
        Files.delete(dir);
    }

    @Property(tries = 300)
    void anyBytesLoadOrAreRefused(@ForAll byte[] bytes) throws IOException {
        loadsOrIsRefused(bytes);
    }

    @Property(tries = 300)
    void anyTomlTokensLoadOrAreRefused(@ForAll("tokens") String text) throws IOException {
        loadsOrIsRefused(text.getBytes(StandardCharsets.UTF_8));
    }

    @Property(tries = 600)
    void mutatedFileLoadsOrIsRefused(@ForAll("mutations") List<Tuple2<Integer, String>> mutations) throws IOException {
        StringBuilder text = new StringBuilder(VALID);
        for (Tuple2<Integer, String> mutation : mutations) {
            int at = mutation.get1() % text.length();
            text.replace(at, Math.min(text.length(), at + mutation.get1() % 5), mutation.get2());
        }
        loadsOrIsRefused(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Property(tries = 200)
    void truncatedFileLoadsOrIsRefused(@ForAll("lengths") int length) throws IOException {
        loadsOrIsRefused(VALID.substring(0, length).getBytes(StandardCharsets.UTF_8));
    }

    @Property(tries = 200)
    void anyTraitsAreOneLineOfPrintableAscii(@ForAll Traits traits) throws IOException {
        Files.writeString(dir.resolve("a.toml"), VALID);
        TraitRegistry registry = TraitRegistry.load(dir);
        String text = registry.format(traits);
        assertTrue(text.chars().allMatch(c -> c >= ' ' && c <= '~' && c != '\\'), text);
        assertEquals(traits.contains(4), text.contains("customer_id=***"));
    }

    @Property(tries = 100)
    void anyDefinitionsComeBackFromTheirFile(@ForAll("definitions") List<String> lines) throws IOException {
        Files.writeString(dir.resolve("a.toml"), String.join("\n", lines) + "\n");
        TraitRegistry registry = TraitRegistry.load(dir);
        String again = registry.definitions().stream()
                .map(definition -> "n" + definition.firstKey() + " = { key = " + definition.firstKey() + ", type = \""
                        + definition.type().id() + "\", sensitive = " + definition.sensitive() + " }")
                .collect(Collectors.joining("\n"));
        assertEquals(String.join("\n", lines), again);
    }

    @Property(tries = 2000)
    void mutatedTableOfClaimsIsReadOrRefused(@ForAll("mutations") List<Tuple2<Integer, String>> mutations) {
        StringBuilder text = new StringBuilder("""
                pkttraits-claims 1
                key 63 63 customer_id -
                key 59 62 session 1790000000000
                claim 0 customer_id shared 4711 1790000000000 io.example.Main
                """);
        assertEquals(text.toString(), ClaimTable.parse(text.toString()).format());
        for (Tuple2<Integer, String> mutation : mutations) {
            int at = mutation.get1() % text.length();
            text.replace(at, Math.min(text.length(), at + mutation.get1() % 5), mutation.get2());
        }
        try {
            ClaimTable table = ClaimTable.parse(text.toString());
            assertEquals(table.format(), ClaimTable.parse(table.format()).format());
        } catch (IllegalArgumentException e) {
            assertFalse(e.getMessage().isEmpty());
        }
    }

    private static void loadsOrIsRefused(byte[] bytes) throws IOException {
        Path file = dir.resolve("a.toml");
        Files.write(file, bytes);
        try {
            TraitRegistry registry = TraitRegistry.load(dir);
            for (TraitDefinition definition : registry.definitions()) {
                assertEquals(definition, registry.get(definition.name()));
                assertEquals(definition, registry.get(definition.lastKey()));
            }
        } catch (InvalidRegistryException e) {
            assertFalse(e.errors().isEmpty());
            for (RegistryError error : e.errors()) {
                assertTrue(error.toString().startsWith(file.toString()), error::toString);
                assertEquals(1, error.toString().lines().count(), error::toString);
            }
        }
    }

    @Provide
    Arbitrary<String> tokens() {
        return token().list().ofMaxSize(40).map(tokens -> String.join("", tokens));
    }

    @Provide
    Arbitrary<List<Tuple2<Integer, String>>> mutations() {
        return Combinators.combine(Arbitraries.integers().between(0, 2000), token())
                .as(Tuple::of)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
    }

    @Provide
    Arbitrary<Integer> lengths() {
        return Arbitraries.integers().between(0, VALID.length());
    }

    @Provide
    Arbitrary<List<String>> definitions() {
        return Arbitraries.maps(
                        Arbitraries.integers().between(0, 63),
                        Combinators.combine(Arbitraries.of(TraitType.class), Arbitraries.of(true, false))
                                .as((type, sensitive) ->
                                        "type = \"" + type.id() + "\", sensitive = " + sensitive + " }"))
                .map(map -> map.entrySet().stream()
                        .sorted(java.util.Map.Entry.comparingByKey())
                        .map(entry -> "n" + entry.getKey() + " = { key = " + entry.getKey() + ", " + entry.getValue())
                        .toList());
    }

    private static Arbitrary<String> token() {
        return Arbitraries.oneOf(
                Arbitraries.of(
                        "{",
                        "}",
                        "[",
                        "]",
                        "[[",
                        "]]",
                        "=",
                        ",",
                        ".",
                        "\n",
                        "\r\n",
                        "\"",
                        "'",
                        "\"\"\"",
                        "'''",
                        "#",
                        " ",
                        "\\",
                        "\\u0000",
                        "\0",
                        "\uFEFF",
                        "-",
                        "key",
                        "keys",
                        "type",
                        "x",
                        "4",
                        "64",
                        "-1",
                        "1e9",
                        "nan",
                        "true",
                        "\"u32\"",
                        "\"8-11\"",
                        "1979-05-27T07:32:00Z",
                        "0x",
                        "99999999999999999999",
                        "𝄞",
                        "é"),
                Arbitraries.strings().ofMaxLength(3));
    }
}
