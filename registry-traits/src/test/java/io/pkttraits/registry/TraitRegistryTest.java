// SPDX-License-Identifier: Apache-2.0
package io.pkttraits.registry;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pkttraits.Traits;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TraitRegistryTest {
    private static final String EVERY_TYPE = """
            small = { key = 1, type = "u8" }
            port = { key = 2, type = "u16", order = "network" }
            customer_id = { key = 4, type = "u32", order = "host", description = "Who pays", sensitive = true }
            bytes_sent = { key = 5, type = "u64" }
            debug = { key = 6, type = "flag" }
            client = { key = 7, type = "ipv4" }
            session = { keys = "8-11", type = "bytes", max_length = 40 }
            client6 = { key = 12, type = "ipv6" }
            [request]
            key = 13
            type = "uuid"
            [tag]
            key = 14
            type = "bytes"
            max_length = 8
            """;

    @TempDir
    private Path dir;

    @Test
    void definitionsAreFoundByKeyAndByName() throws Exception {
        TraitRegistry registry = load(EVERY_TYPE);
        TraitDefinition definition = registry.get("customer_id");
        assertEquals(
                TraitDefinition.of("customer_id", 4, TraitType.U32)
                        .withDescription("Who pays")
                        .withSensitive(true)
                        .at(new SourcePosition(dir.resolve("a.toml").toString(), 3, 1)),
                definition);
        assertSame(definition, registry.get(4));
        assertEquals(ByteOrder.nativeOrder(), registry.get("bytes_sent").order());
        assertEquals(BIG_ENDIAN, registry.get("port").order());
        assertSame(registry.get("session"), registry.get(8));
        assertSame(registry.get("session"), registry.get(11));
        assertEquals(40, registry.get("session").maxLength());
        assertEquals(0xf00L, registry.get("session").keys());
        assertNull(registry.get("nobody"));
        assertNull(registry.get(3));
        assertNull(registry.get(-1));
        assertNull(registry.get(64));
        assertEquals(0x7ff6L, registry.keys());
        assertEquals(
                List.of(1, 2, 4, 5, 6, 7, 8, 12, 13, 14),
                registry.definitions().stream().map(TraitDefinition::firstKey).toList());
        assertEquals("session", registry.label(10));
        assertEquals("63", registry.label(63));
    }

    @Test
    void valuesAreFormattedByTheirTypes() throws Exception {
        TraitRegistry registry = load(EVERY_TYPE);
        Traits traits = Traits.builder()
                .putShort(1, (short) 255)
                .put(2, new byte[] {(byte) 0xff, (byte) 0xfe})
                .putInt(4, 12345)
                .putLong(5, -1)
                .putFlag(6)
                .putAddress(7, InetAddress.getByName("192.0.2.7"))
                .putSpan(8, 11, "alice and bob, and many others".getBytes(StandardCharsets.US_ASCII))
                .putAddress(12, InetAddress.getByName("2001:db8::7"))
                .putUuid(13, new UUID(0x0102030405060708L, 0x090a0b0c0d0e0f10L))
                .put(14, new byte[] {0, 1, 2, 3})
                .putShort(63, (short) 0x0505)
                .build();
        assertEquals(
                "{small=255, port=65534, customer_id=***, bytes_sent=18446744073709551615, debug, client=192.0.2.7,"
                        + " session=\"alice and bob, and many others\", client6=2001:db8::7,"
                        + " request=01020304-0506-0708-090a-0b0c0d0e0f10, tag=0x00010203, 63=0x0505}",
                registry.format(traits));
        assertEquals("65534", registry.format(traits, 2));
        assertEquals("***", registry.format(traits, 4));
        assertEquals("", registry.format(traits, 6));
        assertEquals(registry.format(traits, 8), registry.format(traits, 9));
        assertNull(registry.format(traits, 3));
        assertNull(registry.format(traits, 64));
        assertEquals("{}", registry.format(Traits.EMPTY));
        assertEquals(Traits.EMPTY.withFlag(6).toString(), TraitRegistry.EMPTY.format(Traits.EMPTY.withFlag(6)));
    }

    @Test
    void valuesOfAnotherTypeAreShownAsSuch() throws Exception {
        TraitRegistry registry = load(EVERY_TYPE);
        Traits traits = Traits.builder()
                .put(1, new byte[] {1, 1})
                .putInt(2, 0x01010101)
                .putFlag(4)
                .put(6, new byte[] {6, 7})
                .putFlag(7)
                .put(8, new byte[] {0, 9})
                .put(9, new byte[] {1, 2, 3, 4})
                .put(14, new byte[16])
                .build();
        assertEquals(
                "{small=invalid:0x0101, port=invalid:0x01010101, customer_id=***, debug=invalid:0x0607, client=invalid:0x,"
                        + " session=invalid:0x000901020304, tag=invalid:0x00000000000000000000000000000000}",
                registry.format(traits));
    }

    @Test
    void sensitiveValuesAreMaskedWhateverTheyAre() throws Exception {
        TraitRegistry registry =
                load(EVERY_TYPE.replace(", sensitive = true", "").replace(" }", ", sensitive = true }"));
        Traits traits = Traits.builder()
                .putShort(1, (short) 77)
                .putLong(2, 77)
                .put(6, new byte[] {7, 7})
                .putShort(9, (short) 77)
                .build();
        assertEquals("{small=***, port=***, debug=***, session=***}", registry.format(traits));
        assertEquals("{debug}", registry.format(Traits.EMPTY.withFlag(6)));
    }

    @Test
    void directoryIsAllItsTomlFilesAndNoOthers() throws Exception {
        write("b.toml", "b = { key = 2, type = 'flag' }");
        write("a.toml", "a = { key = 1, type = 'flag' }");
        write(".#a.toml", "not toml");
        write("a.toml~", "not toml");
        Files.createDirectory(dir.resolve("sub"));
        assertEquals(6, TraitRegistry.load(dir).keys());
        assertEquals(
                6,
                TraitRegistry.load(dir.resolve("b.toml"), dir.resolve("a.toml")).keys());
    }

    @Test
    void directoryWithoutFilesIsNone() throws Exception {
        assertRefused(dir + ": has no file *.toml");
        write("a.toml~", "not toml");
        assertRefused(dir + ": has no file *.toml");
    }

    @Test
    void eachOfManyDefinitionsOfOneKeyIsNamedOnce() throws Exception {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 3000; i++) {
            text.append("name").append(i).append(" = { key = 4, type = 'u32' }\n");
        }
        Path file = write("a.toml", text.toString());
        InvalidRegistryException e = assertThrows(InvalidRegistryException.class, () -> TraitRegistry.load(dir));
        assertEquals(2999, e.errors().size());
        assertEquals(
                "key 4 of 'name2999' is that of 'name0' already (" + file + ":1:1)",
                e.errors().get(2998).message());
    }

    @Test
    void messageOfManyErrorsIsShort() throws Exception {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            text.append("name").append(i).append(" = 1\n");
        }
        write("a.toml", text.toString());
        InvalidRegistryException e = assertThrows(InvalidRegistryException.class, () -> TraitRegistry.load(dir));
        assertEquals(1000, e.errors().size());
        List<String> lines = e.getMessage().lines().toList();
        assertEquals(21, lines.size());
        assertEquals("and 980 more", lines.get(20));
    }

    @Test
    void nameDefinedTwiceNamesBothPlaces() throws Exception {
        Path a = write("a.toml", "\ncustomer = { key = 1, type = 'u32' }");
        Path b = write("b.toml", "\n\n  customer = { key = 2, type = 'u32' }");
        assertRefused(b + ":3:3: 'customer' is defined already (" + a + ":2:1)");
    }

    @Test
    void nameDefinedTwiceInOneFileNamesBothPlaces() throws Exception {
        Path a = write("a.toml", "customer = { key = 1, type = 'u32' }\ncustomer = { key = 2, type = 'u32' }");
        assertRefused(a + ":2:1: customer previously defined at line 1, column 1");
    }

    @Test
    void keyDefinedTwiceNamesBothPlaces() throws Exception {
        Path a = write("a.toml", "customer = { key = 4, type = 'u32' }");
        Path b = write("b.toml", "[tenant]\nkey = 4\ntype = 'u16'");
        assertRefused(b + ":1:1: key 4 of 'tenant' is that of 'customer' already (" + a + ":1:1)");
    }

    @Test
    void overlappingSpansNameBothPlaces() throws Exception {
        Path a = write(
                "a.toml",
                "x = { keys = '8-11', type = 'bytes' }\ny = { keys = '11-12', type = 'bytes' }\nz = {key = 9, type = 'u32'}");
        assertRefused(
                a + ":2:1: keys 11-12 of 'y' overlap keys 8-11 of 'x' (" + a + ":1:1)",
                a + ":3:1: key 9 of 'z' overlap keys 8-11 of 'x' (" + a + ":1:1)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "x = { key = 64, type = 'u32' }                           | 1:7: key 64 of 'x' is not in 0..63",
                "x = { key = -1, type = 'u32' }                           | 1:7: key -1 of 'x' is not in 0..63",
                "x = { key = 4294967300, type = 'u32' }                   | 1:7: key 4294967300 of 'x' is not in 0..63",
                "x = { key = '4', type = 'u32' }                          | 1:7: key of 'x' is not a number of 0..63",
                "x = { key = 4.0, type = 'u32' }                          | 1:7: key of 'x' is not a number of 0..63",
                "x = { type = 'u32' }                                     | 1:1: 'x' needs either key = N or keys = \"N-M\"",
                "x = { key = 1, keys = '1-2', type = 'bytes' }            | 1:1: 'x' needs either key = N or keys = \"N-M\"",
                "x = { keys = '9-8', type = 'bytes' }                     | 1:7: keys \"9-8\" of 'x' are not two of 0..63",
                "x = { keys = '60-64', type = 'bytes' }                   | 1:7: keys \"60-64\" of 'x' are not two of 0..63",
                "x = { keys = '8', type = 'bytes' }                       | 1:7: keys \"8\" of 'x' are not two of 0..63",
                "x = { keys = 8, type = 'bytes' }                         | 1:7: keys of 'x' is not a string",
                "x = { keys = '8-9', type = 'u32' }                       | 1:7: keys of 'x': a value of type u32 has one key",
                "x = { key = 1 }                                          | 1:1: 'x' has no type: expected one of u8, u16",
                "x = { key = 1, type = 'u33' }                            | 1:16: type \"u33\" of 'x' is not one of u8, u16",
                "x = { key = 1, type = 32 }                               | 1:16: type of 'x' is not one of u8, u16",
                "x = { key = 1, type = 'u32', order = 'big' }             | 1:30: order \"big\" of 'x' is neither",
                "x = { key = 1, type = 'ipv4', order = 'host' }           | 1:31: order of 'x': a value of type ipv4 is no number",
                "x = { key = 1, type = 'u32', max_length = 4 }            | 1:30: max_length of 'x': every value of type u32 has 4",
                "x = { key = 1, type = 'bytes', max_length = 17 }         | 1:32: max_length 17 of 'x' is not in 1..16",
                "x = { keys = '1-2', type = 'bytes', max_length = 31 }    | 1:37: max_length 31 of 'x' is not in 1..30",
                "x = { keys = '1-2', type = 'bytes', max_length = 0 }     | 1:37: max_length 0 of 'x' is not in 1..30",
                "x = { key = 1, type = 'u32', sensitive = 'yes' }         | 1:30: sensitive of 'x' is not true or false",
                "x = { key = 1, type = 'u32', description = 1 }           | 1:30: description of 'x' is not a string",
                "x = { key = 1, type = 'u32', sensible = true }           | 1:30: unknown field 'sensible' of 'x'",
                "x = 4                                                    | 1:1: 'x' is not defined by a table",
                "X = { key = 1, type = 'u32' }                            | 1:1: 'X' is no name: expected [a-z]",
                "\"a b\" = { key = 1, type = 'u32' }                      | 1:1: 'a b' is no name: expected [a-z]",
                "a.b = { key = 1, type = 'u32' }                          | 1:1: unknown field 'b' of 'a'",
                "x = { key = 1, type = 'u32'                              | 1:2"
            })
    void wrongDefinitionIsRefusedWithItsPlace(String text, String error) throws Exception {
        Path file = write("a.toml", text);
        InvalidRegistryException e = assertThrows(InvalidRegistryException.class, () -> TraitRegistry.load(dir));
        assertTrue(e.errors().stream().anyMatch(one -> one.toString().startsWith(file + ":" + error)), e::getMessage);
    }

    @Test
    void allErrorsOfAllFilesAreReported() throws Exception {
        Path a = write("a.toml", "x = { key = 64, type = 'u33', oder = 1 }\ny = { key = 2, type = 'u32' }");
        Path b = write("b.toml", "z = { key = 2, type = 'u32' }");
        Path c = write("c.toml", "");
        Path d = write("d.toml", "q = \nr = ]\n");
        InvalidRegistryException e = assertThrows(InvalidRegistryException.class, () -> TraitRegistry.load(dir));
        List<String> places =
                e.errors().stream().map(error -> error.position().toString()).toList();
        assertEquals(
                List.of(a + ":1:7", a + ":1:17", a + ":1:31", c.toString(), d + ":1:5", d + ":2:5", b + ":1:1"),
                places,
                e::getMessage);
    }

    @Test
    void whatIsNoTextIsRefused() throws Exception {
        Path file = dir.resolve("a.toml");
        Files.write(file, new byte[] {'x', (byte) 0xff});
        assertRefused(file + ": is not UTF-8");
        Files.write(file, new byte[RegistryFile.MAX_BYTES + 1]);
        assertRefused(file + ": is larger than 262144 bytes");
        Files.delete(file);
        InvalidRegistryException e = assertThrows(InvalidRegistryException.class, () -> TraitRegistry.load(file));
        assertEquals(file + ": does not exist", e.getMessage());
    }

    @Test
    void deepNestingIsRefused() throws Exception {
        Path file = write("a.toml", "x = " + "[".repeat(100_000));
        InvalidRegistryException e = assertThrows(InvalidRegistryException.class, () -> TraitRegistry.load(dir));
        assertTrue(e.getMessage().startsWith(file.toString()), e::getMessage);
    }

    @Test
    void definitionsOfCodeAreCheckedToo() throws Exception {
        TraitDefinition a = TraitDefinition.of("a", 1, TraitType.U32);
        TraitDefinition b = TraitDefinition.of("b", 1, TraitType.FLAG);
        assertEquals("a", TraitRegistry.of(List.of(a)).label(1));
        assertEquals(
                "key 1 of 'b' is that of 'a' already (not in a file)",
                assertThrows(IllegalArgumentException.class, () -> TraitRegistry.of(List.of(a, b)))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> TraitDefinition.of("No", 1, TraitType.U32));
        assertThrows(IllegalArgumentException.class, () -> TraitDefinition.of("b", 64, TraitType.FLAG));
        assertThrows(IllegalArgumentException.class, () -> TraitDefinition.ofSpan("b", 1, 64));
        assertThrows(IllegalArgumentException.class, () -> TraitDefinition.ofSpan("b", 2, 1));
        assertThrows(IllegalArgumentException.class, () -> a.withMaxLength(8));
        assertThrows(IllegalArgumentException.class, () -> b.withOrder(ByteOrder.LITTLE_ENDIAN));
        TraitDefinition span = TraitDefinition.ofSpan("s", 8, 11);
        assertThrows(IllegalArgumentException.class, () -> span.withMaxLength(63));
        assertThrows(
                IllegalArgumentException.class,
                () -> new TraitDefinition("b", 1, 2, true, TraitType.U32, 4, BIG_ENDIAN, "", false, null));
    }

    @Test
    void definitionsOfCodeHaveTheDefaultsOfAFile() throws Exception {
        TraitRegistry file = load("""
                number = { key = 1, type = "u32" }
                debug = { key = 2, type = "flag" }
                tag = { key = 3, type = "bytes" }
                session = { keys = "8-11", type = "bytes" }
                other = { keys = "12-13", type = "bytes", max_length = 9, description = "d", sensitive = true }
                """);
        List<TraitDefinition> code = List.of(
                TraitDefinition.of("number", 1, TraitType.U32),
                TraitDefinition.of("debug", 2, TraitType.FLAG),
                TraitDefinition.of("tag", 3, TraitType.BYTES),
                TraitDefinition.ofSpan("session", 8, 11),
                TraitDefinition.ofSpan("other", 12, 13)
                        .withMaxLength(9)
                        .withDescription("d")
                        .withSensitive(true));
        assertEquals(
                file.definitions().stream().map(one -> one.at(null)).toList(),
                TraitRegistry.of(code).definitions());
    }

    private void assertRefused(String... errors) {
        InvalidRegistryException e = assertThrows(InvalidRegistryException.class, () -> TraitRegistry.load(dir));
        assertEquals(
                List.of(errors),
                e.errors().stream().map(RegistryError::toString).toList());
    }

    private TraitRegistry load(String text) throws IOException {
        write("a.toml", text);
        return TraitRegistry.load(dir);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(dir.resolve(name), text);
    }
}
